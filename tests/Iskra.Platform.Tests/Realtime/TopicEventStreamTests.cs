using Xunit;

namespace Iskra.Platform.Tests.Realtime;

public sealed class TopicEventStreamTests
{
    [Fact]
    public async Task Get_Stream_SendsNamedEventsUntilTheServerStops()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        server.Publish("{\"n\":1}");
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpResponseMessage response = await client.GetAsync(
            "/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("retry: ", await ReadLineAsync(reader), StringComparison.Ordinal);
        Assert.Equal("", await ReadLineAsync(reader));
        Assert.Equal("event: test", await ReadLineAsync(reader));
        Assert.Equal("data: {\"n\":1}", await ReadLineAsync(reader));
        Assert.Equal("", await ReadLineAsync(reader));

        server.Publish("{\"n\":2}");
        Assert.Equal("event: test", await ReadLineAsync(reader));
        Assert.Equal("data: {\"n\":2}", await ReadLineAsync(reader));
        Assert.Equal("", await ReadLineAsync(reader));

        await server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(await ReadLineAsync(reader));
    }

    [Fact]
    public async Task Get_SilentTopic_SendsComments()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync(("KeepAliveInterval", "00:00:01"));
        server.Publish("x");
        using HttpClient client = new() { BaseAddress = server.Address };
        await using Stream stream = await client.GetStreamAsync("/stream", TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        string? line;
        do
        {
            line = await ReadLineAsync(reader);
        }
        while (line is not null && line != ":");

        Assert.Equal(":", line);
    }

    private static ValueTask<string?> ReadLineAsync(StreamReader reader) => reader.ReadLineAsync(TestContext.Current.CancellationToken);
}
