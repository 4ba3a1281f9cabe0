using System.Text.Json.Nodes;
using Iskra.EndToEnd.Tests.Browser;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>The web app's types are generated from <c>docs/openapi.json</c>: it has to be what the program serves.</summary>
public sealed class OpenApiDocumentTests
{
    [Fact]
    public async Task Document_InRepository_IsTheOneServed()
    {
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]);
        JsonNode served = JsonNode.Parse(await iskra.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        JsonNode stored = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(WebSources.Repository(), "docs", "openapi.json")))!;

        Assert.True(
            JsonNode.DeepEquals(stored, served),
            "docs/openapi.json is behind: save /openapi/v1.json there, then run 'npm run generate' in web/.");
    }
}
