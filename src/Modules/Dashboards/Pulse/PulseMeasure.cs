using Iskra.Modules.Dashboards.Contracts;
using Iskra.Platform.Telemetry;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>Turns the growth of the process's instruments since the last call into <see cref="PulseNow"/>. Called by one thread.</summary>
internal sealed class PulseMeasure
{
    private readonly MetricsCollector _collector;
    private readonly ProcessSampler _process;
    private readonly TimeProvider _time;
    private long _measuredAt;
    private Totals _before;

    public PulseMeasure(MetricsCollector collector, ProcessSampler process, TimeProvider time)
    {
        _collector = collector;
        _process = process;
        _time = time;
        _measuredAt = time.GetTimestamp();
        _before = Read();
    }

    public PulseNow Measure()
    {
        long now = _time.GetTimestamp();
        double seconds = Math.Max(0.001, _time.GetElapsedTime(_measuredAt, now).TotalSeconds);
        _collector.Observe();
        Totals after = Read();
        HistogramSnapshot posting = after.Posting.Since(_before.Posting);
        ProcessSample process = _process.Sample();
        PulseNow pulse = new(
            Rounded((after.Posted - _before.Posted) / seconds, 1),
            Rounded((after.Requests - _before.Requests) / seconds, 1),
            Milliseconds(posting.Quantile(0.50)),
            Milliseconds(posting.Quantile(0.95)),
            Milliseconds(posting.Quantile(0.99)),
            Rounded(ErrorRate(_before, after), 4),
            (long)_collector.Total("iskra.cards.posting.queue.depth"),
            (long)_collector.Total("iskra.cards.posting.queue.limit"),
            Rounded(process.CpuPercent, 1),
            process.MemoryBytes,
            (long)after.Posted);
        _before = after;
        _measuredAt = now;
        return pulse;
    }

    private static double ErrorRate(Totals before, Totals after)
    {
        double requests = Share(after.Failed - before.Failed, after.Requests - before.Requests);
        double refused = after.Refused - before.Refused;
        return Math.Max(requests, Share(refused, refused + after.Decided - before.Decided));
    }

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;

    private static double Rounded(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);

    private static double? Milliseconds(double? seconds) => seconds is { } value ? Rounded(value * 1_000, 3) : null;

    private static bool IsPosted(IReadOnlyList<KeyValuePair<string, object?>> tags) =>
        tags.Any(tag => tag.Key == "result" && tag.Value is "ok");

    private static bool IsServerFault(IReadOnlyList<KeyValuePair<string, object?>> tags) =>
        tags.Any(tag => tag.Key == "http.response.status_code" && tag.Value is int and >= 500);

    private Totals Read() => new(
        _collector.Total("iskra.cards.transfers", IsPosted),
        _collector.Total("iskra.cards.transfers"),
        _collector.Total("iskra.cards.posting.rejected"),
        _collector.Total("http.server.request.duration"),
        _collector.Total("http.server.request.duration", IsServerFault),
        _collector.Histogram("iskra.cards.posting.duration"));

    // Decided: transfers that the ledger answered, whatever it said.
    private sealed record Totals(double Posted, double Decided, double Refused, double Requests, double Failed, HistogramSnapshot Posting);
}
