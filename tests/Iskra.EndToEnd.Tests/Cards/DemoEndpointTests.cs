using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Cards;

public sealed class DemoEndpointTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Demo = "/v1/cards/demo";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Client => server.Iskra.Client;

    [Fact]
    public async Task Demo_StartedAndStopped_PostsTransfersInBetween()
    {
        Answer started = await Client.PostAnswerAsync(Demo, new { speed = 2 });
        Answer faster = await Client.PostAnswerAsync(Demo, new { speed = 3.5 });
        await WaitForTransfersAsync();
        JsonElement running = (await Client.GetAnswerAsync("/v1/system")).Body.GetProperty("demo");
        using HttpResponseMessage stopped = await Client.DeleteAsync(new Uri(Demo, UriKind.Relative), Token);
        int transfers = (await Client.GetAllAsync(ApiCalls.Transfers)).Count;
        JsonElement after = (await Client.GetAnswerAsync("/v1/system")).Body;

        Assert.Equal((HttpStatusCode.Accepted, 2), (started.Status, started.Body.GetProperty("speed").GetDouble()));
        Assert.Equal(3.5, faster.Body.GetProperty("speed").GetDouble());
        Assert.True(running.GetProperty("running").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.False(after.GetProperty("demo").GetProperty("running").GetBoolean());
        Assert.False(after.GetProperty("isEmpty").GetBoolean());

        // What was stopped stays stopped: the list is complete when the answer comes.
        Assert.Equal(transfers, (await Client.GetAllAsync(ApiCalls.Transfers)).Count);
    }

    [Theory]
    [InlineData("""{"speed":0.5}""", "$.speed")]
    [InlineData("""{"speed":1001}""", "$.speed")]
    [InlineData("""{"speed":"fast"}""", "$.speed")]
    [InlineData("""{"pace":1}""", "$.pace")]
    public async Task Demo_BadBody_NamesThePath(string body, string path)
    {
        Answer answer = await Client.PostTextAsync(Demo, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(path, answer.Body.GetProperty("errors")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Demo_WithoutAdmin_LacksTheScope()
    {
        Answer key = await Client.PostAnswerAsync("/v1/security/keys", new { name = "writer", scopes = new[] { "cards:write" } });
        using HttpClient writer = server.Iskra.CreateClient(key["key"]);

        Assert.Equal(HttpStatusCode.Forbidden, (await writer.PostAnswerAsync(Demo, new { speed = 1 })).Status);
        using HttpResponseMessage stop = await writer.DeleteAsync(new Uri(Demo, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Forbidden, stop.StatusCode);
    }

    private Task WaitForTransfersAsync() => Polling.UntilAsync(
        async _ => (await Client.GetAnswerAsync(ApiCalls.Transfers)).Body.GetProperty("items").GetArrayLength() > 0, Token);
}
