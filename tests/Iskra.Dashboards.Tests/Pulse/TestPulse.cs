using System.Diagnostics.Metrics;
using System.Text.Json;
using Iskra.Modules.Dashboards.Pulse;
using Iskra.Platform.Events;
using Iskra.Platform.Realtime;
using Iskra.Platform.Telemetry;
using Iskra.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iskra.Dashboards.Tests.Pulse;

/// <summary>The dashboards module on a real server, with the ledger's instruments played by the test and a clock that it moves.</summary>
internal sealed class TestPulse : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestPulse(WebApplication app, TestTimeProvider time)
    {
        _app = app;
        Time = time;
        Meter meter = app.Services.GetRequiredService<IMeterFactory>().Create("Iskra.Cards");
        Transfers = meter.CreateCounter<long>("iskra.cards.transfers");
        Refused = meter.CreateCounter<long>("iskra.cards.posting.rejected");
        Posting = meter.CreateHistogram<double>("iskra.cards.posting.duration", "s");
        meter.CreateObservableGauge("iskra.cards.posting.queue.depth", () => QueueDepth, "{transfer}");
        meter.CreateGauge<long>("iskra.cards.posting.queue.limit").Record(8_190);
    }

    public TestTimeProvider Time { get; }

    public Counter<long> Transfers { get; }

    public Counter<long> Refused { get; }

    public Histogram<double> Posting { get; }

    public long QueueDepth { get; set; }

    public PulseRecent Recent => _app.Services.GetRequiredService<PulseRecent>();

    public PulseState State => _app.Services.GetRequiredService<PulseState>();

    public RealtimeTopic Topic => _app.Services.GetRequiredService<RealtimeHub>().Topic(PulseSampler.TopicName);

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public static async Task<TestPulse> StartAsync(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        TestTimeProvider time = new();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddIskraTelemetry(builder.Configuration);
        builder.Services.AddIskraRealtime(builder.Configuration);
        builder.Services.AddOpenApi();
        Iskra.Modules.Dashboards.DashboardsModule module = new();
        module.AddServices(builder.Services, builder.Configuration);

        // The test itself says when a second is over: the module's own loop must not measure beside it.
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(PulseSampler)));
        builder.Services.AddSingleton<PulseSampler>();
        WebApplication app = builder.Build();
        app.Services.GetRequiredService<PulseSampler>();
        module.MapEndpoints(app);
        app.MapOpenApi("/openapi/v1.json");
        await app.StartAsync();
        return new TestPulse(app, time);
    }

    /// <summary>One second goes by and is measured.</summary>
    public JsonElement Tick()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        _app.Services.GetRequiredService<PulseSampler>().Tick();
        return Snapshot();
    }

    public JsonElement Snapshot() => JsonDocument.Parse(State.SnapshotBytes()).RootElement;

    public Task CommitAsync(params int[] sequences) => Recent.HandleAsync(
        [.. sequences.Select(sequence => new StoredEvent(
            sequence,
            PulseRecent.CommittedType,
            1,
            "ledger",
            $$"""{"firstSequence":{{sequence}},"lastSequence":{{sequence}},"transfers":1,"at":"2026-01-01T03:00:00+03:00"}""",
            Time.GetUtcNow()))],
        CancellationToken.None);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
