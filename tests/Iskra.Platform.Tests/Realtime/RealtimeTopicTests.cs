using System.Text;
using Iskra.Platform.Realtime;
using Iskra.Platform.Tests.Telemetry;
using Microsoft.Extensions.Options;
using Xunit;

namespace Iskra.Platform.Tests.Realtime;

public sealed class RealtimeTopicTests
{
    [Fact]
    public async Task Publish_ManyConnections_GivesTheSameMemoryToAll()
    {
        using TestTelemetry telemetry = new();
        RealtimeTopic topic = Create(telemetry, new RealtimeOptions());
        using TopicConnection one = topic.TryJoin("websocket")!;
        using TopicConnection two = topic.TryJoin("sse")!;
        byte[] bytes = Encoding.UTF8.GetBytes("frame");
        topic.Publish(bytes);

        TopicFrame first = await one.TakeAsync(TestContext.Current.CancellationToken);
        TopicFrame second = await two.TakeAsync(TestContext.Current.CancellationToken);
        Assert.Same(first, second);
        Assert.True(first.Bytes.Equals(bytes.AsMemory()));
    }

    [Fact]
    public async Task Publish_ConnectionThatDoesNotTake_SkipsToTheNewestAndIsCounted()
    {
        using TestTelemetry telemetry = new(options => options.Meters.Add("Iskra.Realtime"));
        RealtimeTopic topic = Create(telemetry, new RealtimeOptions());
        using TopicConnection slow = topic.TryJoin("websocket")!;
        using TopicConnection quick = topic.TryJoin("websocket")!;
        for (int i = 1; i <= 5; i++)
        {
            topic.Publish(new byte[] { (byte)i });
            Assert.Equal(i, (await quick.TakeAsync(TestContext.Current.CancellationToken)).Bytes.Span[0]);
        }

        Assert.Equal(5, (await slow.TakeAsync(TestContext.Current.CancellationToken)).Bytes.Span[0]);
        Assert.Equal(4, telemetry.Collector.Total("iskra.realtime.frames.skipped"));
    }

    [Fact]
    public void TryJoin_FullTopic_IsRefusedUntilSomeoneLeaves()
    {
        using TestTelemetry telemetry = new(options => options.Meters.Add("Iskra.Realtime"));
        RealtimeTopic topic = Create(telemetry, new RealtimeOptions { ConnectionsPerTopicMax = 1 });
        TopicConnection first = topic.TryJoin("websocket")!;
        Assert.Null(topic.TryJoin("websocket"));
        Assert.Equal(1, telemetry.Collector.Total("iskra.realtime.connections.refused"));

        first.Dispose();
        first.Dispose();
        Assert.Equal(0, telemetry.Collector.Total("iskra.realtime.connections"));
        using TopicConnection? next = topic.TryJoin("websocket");
        Assert.NotNull(next);
    }

    private static RealtimeTopic Create(TestTelemetry telemetry, RealtimeOptions options) =>
        new RealtimeHub(Options.Create(options), new RealtimeMetrics(telemetry.Factory)).Topic("test");
}
