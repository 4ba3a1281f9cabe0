using System.Diagnostics.Metrics;

namespace Iskra.Bench;

/// <summary>Counts commits and the transfers in them by the module's own metric.</summary>
internal sealed class CommitCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _commits;
    private long _transfers;

    public CommitCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "iskra.cards.commit.size")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) =>
        {
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _transfers, measurement);
        });
        _listener.Start();
    }

    public long Commits => Volatile.Read(ref _commits);

    public long Transfers => Volatile.Read(ref _transfers);

    public void Dispose() => _listener.Dispose();
}
