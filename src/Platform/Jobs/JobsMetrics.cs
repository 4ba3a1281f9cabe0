using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Iskra.Platform.Jobs.Storage;

namespace Iskra.Platform.Jobs;

/// <summary>What goes through the queues of this process, and the depth and age that a cluster's autoscaler looks at.</summary>
internal sealed class JobsMetrics
{
    public const string MeterName = "Iskra.Jobs";

    private static readonly double[] DurationBounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TypeFigures> _figures = new(StringComparer.Ordinal);
    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _faulty;
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _crashes;
    private readonly Counter<long> _refusedEnds;
    private readonly Counter<long> _overruns;
    private readonly Counter<long> _targetMisses;
    private readonly Counter<long> _ignoredCancellations;
    private readonly Counter<long> _memoryPauses;
    private readonly Counter<long> _rateLimited;
    private readonly Counter<long> _completionWaits;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _run;
    private IReadOnlyList<QueueMeasure> _measures = [];

    public JobsMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        InstrumentAdvice<double> durations = new() { HistogramBucketBoundaries = DurationBounds };
        _enqueued = meter.CreateCounter<long>("iskra.jobs.enqueued", "{job}", "Jobs stored by this process.");
        _refused = meter.CreateCounter<long>("iskra.jobs.enqueue.rejected", "{job}", "Jobs refused: too many waited for the common write.");
        _faulty = meter.CreateCounter<long>("iskra.jobs.enqueue.faulty", "{job}", "Jobs refused for what they are, by fault.");
        _started = meter.CreateCounter<long>("iskra.jobs.started", "{attempt}", "Attempts started.");
        _ended = meter.CreateCounter<long>("iskra.jobs.ended", "{job}", "Jobs ended, by their last state.");
        _failures = meter.CreateCounter<long>("iskra.jobs.failures", "{failure}", "Attempts that failed.");
        _crashes = meter.CreateCounter<long>("iskra.jobs.crashes", "{crash}", "Jobs taken back from processes that died.");
        _refusedEnds = meter.CreateCounter<long>(
            "iskra.jobs.completion.refused", "{attempt}", "Ends refused because the job belonged to another worker by then.");
        _overruns = meter.CreateCounter<long>("iskra.jobs.deadline.overruns", "{job}", "Jobs over their type's maximum, by action.");
        _targetMisses = meter.CreateCounter<long>("iskra.jobs.target.missed", "{job}", "Jobs that ended after their type's target.");
        _ignoredCancellations = meter.CreateCounter<long>(
            "iskra.jobs.cancellation.ignored", "{attempt}", "Attempts that went on after their cancellation's grace.");
        _memoryPauses = meter.CreateCounter<long>("iskra.jobs.memory.pauses", "{pause}", "Times that claiming stopped for want of memory.");
        _rateLimited = meter.CreateCounter<long>("iskra.jobs.rate.limited", "{claim}", "Claims cut short by a type's rate limit.");
        _completionWaits = meter.CreateCounter<long>(
            "iskra.jobs.completion.waits", "{claim}", "Claims put off because too many completions waited to be written.");
        _wait = meter.CreateHistogram(
            "iskra.jobs.wait.duration", "s", "From the instant a job could start to its start.", advice: durations);
        _run = meter.CreateHistogram("iskra.jobs.run.duration", "s", "Duration of an attempt.", advice: durations);
        meter.CreateObservableGauge(
            "iskra.jobs.queue.depth", () => Observe(measure => measure.Depth), "{job}", "Jobs that could start now, by type.");
        meter.CreateObservableGauge(
            "iskra.jobs.queue.oldest_age", () => Observe(measure => measure.OldestAge.TotalSeconds), "s",
            "How long the oldest job that could start has waited, by type.");
        meter.CreateObservableGauge("iskra.jobs.running", () => Observe(measure => measure.Running), "{job}", "Attempts under way here.");
        meter.CreateObservableGauge("iskra.jobs.workers", () => Observe(measure => measure.Workers), "{worker}", "Workers here, by type.");
    }

    public void Enqueued(IReadOnlyList<NewJob> jobs, IReadOnlyList<EnqueueResult> results)
    {
        int from = 0;
        for (int i = 1; i <= jobs.Count; i++)
        {
            if (i == jobs.Count || !ReferenceEquals(jobs[i].Type, jobs[from].Type))
            {
                int created = 0;
                for (int j = from; j < i; j++)
                {
                    created += results[j].Status == EnqueueStatus.Created ? 1 : 0;
                }

                _enqueued.Add(created, Tag(jobs[from].Type));
                from = i;
            }
        }
    }

    public void EnqueueRefused() => _refused.Add(1);

    public void EnqueueFaulty(EnqueueStatus fault) => _faulty.Add(1, new KeyValuePair<string, object?>("fault", fault.ToString()));

    public void Started(string type, TimeSpan waited)
    {
        _started.Add(1, Tag(type));
        _wait.Record(Math.Max(0, waited.TotalSeconds), Tag(type));
        Figures(type).Waited(waited);
    }

    public void Ran(string type, TimeSpan duration)
    {
        _run.Record(duration.TotalSeconds, Tag(type));
        Figures(type).Ran(duration);
    }

    /// <summary>A job has ended; <paramref name="total"/> is null for one that ended without a start here.</summary>
    public void Ended(string type, JobState state, TimeSpan? total = null)
    {
        _ended.Add(1, Tag(type), Tag("state", state.ToString()));
        if (total is { } duration)
        {
            Figures(type).Ended(state, duration);
        }
    }

    public void Failed(string type)
    {
        _failures.Add(1, Tag(type));
        Figures(type).Failed();
    }

    public void Crashed(string type, int jobs) => _crashes.Add(jobs, Tag(type));

    public void EndsRefused(int attempts) => _refusedEnds.Add(attempts);

    public void Overran(string type, OverrunAction action)
    {
        _overruns.Add(1, Tag(type), Tag("action", action.ToString()));
        Figures(type).Overran();
    }

    public void TargetMissed(string type)
    {
        _targetMisses.Add(1, Tag(type));
        Figures(type).TargetMissed();
    }

    public void CancellationIgnored(string type) => _ignoredCancellations.Add(1, Tag(type));

    public void MemoryPaused() => _memoryPauses.Add(1);

    public void RateLimited(string type) => _rateLimited.Add(1, Tag(type));

    public void CompletionsWaited() => _completionWaits.Add(1);

    /// <summary>How a type has kept its times here.</summary>
    public JobTypeSla Sla(string type) => Figures(type).Read();

    /// <summary>The newest measures, for the gauges.</summary>
    public void SetMeasures(IReadOnlyList<QueueMeasure> measures) => Volatile.Write(ref _measures, measures);

    private TypeFigures Figures(string type) => _figures.GetOrAdd(type, static name => new TypeFigures(name));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private IEnumerable<Measurement<double>> Observe(Func<QueueMeasure, double> value) =>
        Volatile.Read(ref _measures).Select(measure => new Measurement<double>(value(measure), Tag(measure.Type)));

    private KeyValuePair<string, object?> Tag(string type) =>
        _tags.GetOrAdd(type, static name => new KeyValuePair<string, object?>("type", name));
}
