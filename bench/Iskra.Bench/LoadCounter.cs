using System.Diagnostics.Metrics;

namespace Iskra.Bench;

/// <summary>Counts the cache's reads of the database while it lives; without the cache, each read is one.</summary>
internal sealed class LoadCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public LoadCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "iskra.cache.loads")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
