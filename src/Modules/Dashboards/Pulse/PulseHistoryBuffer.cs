using Iskra.Modules.Dashboards.Contracts;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>The last points, in a ring. Guarded by its owner.</summary>
internal sealed class PulseHistoryBuffer
{
    private readonly PulseNow[] _points;
    private long _added;

    public PulseHistoryBuffer(int capacity) => _points = new PulseNow[capacity];

    public int Count => (int)Math.Min(_added, _points.Length);

    public void Add(PulseNow point)
    {
        _points[_added % _points.Length] = point;
        _added++;
    }

    /// <param name="at">The instant of the last point.</param>
    public PulseHistory ToHistory(DateTimeOffset at) => new(
        at - TimeSpan.FromSeconds(Math.Max(0, Count - 1)),
        IntervalSeconds: 1,
        Select(point => point.TransactionsPerSecond),
        Select(point => point.P50Ms),
        Select(point => point.P95Ms),
        Select(point => point.P99Ms),
        Select(point => point.ErrorRate),
        Select(point => point.QueueDepth),
        Select(point => point.CpuPercent),
        Select(point => point.MemoryBytes));

    private T[] Select<T>(Func<PulseNow, T> field)
    {
        T[] values = new T[Count];
        long oldest = _added - Count;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = field(_points[(oldest + i) % _points.Length]);
        }

        return values;
    }
}
