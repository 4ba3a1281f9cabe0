using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>One operation of the OpenAPI document.</summary>
internal sealed record ApiOperation(string Method, string Path)
{
    private static readonly string[] Extra =
        ["/health/live", "/health/ready", "/metrics", "/openapi/v1.json", "/docs", "/ws/pulse", "/", "/nothing/here"];

    /// <summary>What the document names, and the addresses that it leaves out.</summary>
    public static async Task<IReadOnlyList<ApiOperation>> ReadAllAsync(IskraProcess iskra)
    {
        Answer document = await iskra.Client.GetAnswerAsync("/openapi/v1.json");
        return
        [
            .. document.Body.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation)))
                .Where(pair => pair.operation.Value.ValueKind == JsonValueKind.Object)
                .Select(pair => new ApiOperation(pair.operation.Name.ToUpperInvariant(), pair.Name)),
            .. Extra.Select(path => new ApiOperation("GET", path)),
        ];
    }
}
