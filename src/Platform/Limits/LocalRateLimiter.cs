using System.Collections.Concurrent;

namespace Iskra.Platform.Limits;

/// <summary>
/// Counts in this process: one number for each caller, changed without locks. Bounded; when it is full, callers with nothing used are
/// forgotten, which changes nothing for them, and only then others, which gives those their whole limit back. Thread-safe.
/// </summary>
internal sealed class LocalRateLimiter
{
    /// <summary>In a cell: it is being removed, take a new one.</summary>
    private const long Removed = long.MaxValue;
    private const double KeptShare = 0.9;

    private readonly ConcurrentDictionary<Partition, Cell> _cells = new();
    private readonly Lock _sweeping = new();
    private readonly int _partitionsMax;
    private readonly TimeProvider _time;
    private readonly RateLimitMetrics _metrics;
    private readonly double _microsecondsPerTick;
    private int _count;

    public LocalRateLimiter(int partitionsMax, TimeProvider time, RateLimitMetrics metrics)
    {
        _partitionsMax = partitionsMax;
        _time = time;
        _metrics = metrics;
        _microsecondsPerTick = 1_000_000.0 / time.TimestampFrequency;
    }

    /// <summary>Callers whose count is kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes one permit if there is one.</summary>
    public RateLimitResult Take(in RateLimitCheck check)
    {
        long now = Now();
        long interval = check.Policy.Interval;
        while (true)
        {
            Cell cell = CellOf(check);
            long at = Volatile.Read(ref cell.At);
            while (at != Removed)
            {
                long from = Math.Max(at, now);
                long next = from + interval;
                if (next - now > check.Policy.Burst)
                {
                    return check.Policy.Result(isAllowed: false, from - now);
                }

                long seen = Interlocked.CompareExchange(ref cell.At, next, at);
                if (seen == at)
                {
                    return check.Policy.Result(isAllowed: true, next - now);
                }

                at = seen;
            }
        }
    }

    /// <summary>Gives a permit back that was taken for a request that another limit refused.</summary>
    public void Return(in RateLimitCheck check)
    {
        if (!_cells.TryGetValue(new Partition(check.Policy.Number, check.Id), out Cell? cell))
        {
            return;
        }

        long at = Volatile.Read(ref cell.At);
        while (at != Removed)
        {
            long seen = Interlocked.CompareExchange(ref cell.At, at - check.Policy.Interval, at);
            if (seen == at)
            {
                return;
            }

            at = seen;
        }
    }

    private long Now() => (long)(_time.GetTimestamp() * _microsecondsPerTick);

    private Cell CellOf(in RateLimitCheck check)
    {
        Partition partition = new(check.Policy.Number, check.Id);
        if (_cells.TryGetValue(partition, out Cell? cell))
        {
            return cell;
        }

        if (Volatile.Read(ref _count) >= _partitionsMax)
        {
            Sweep();
        }

        Cell created = new();
        cell = _cells.GetOrAdd(partition, created);
        if (ReferenceEquals(cell, created))
        {
            Interlocked.Increment(ref _count);
        }

        return cell;
    }

    private void Sweep()
    {
        lock (_sweeping)
        {
            int target = (int)(_partitionsMax * KeptShare);
            if (_count <= target)
            {
                return;
            }

            long now = Now();
            foreach ((Partition partition, Cell cell) in _cells)
            {
                long at = Volatile.Read(ref cell.At);
                if (at <= now && Interlocked.CompareExchange(ref cell.At, Removed, at) == at)
                {
                    Remove(partition, isIdle: true);
                }
            }

            foreach ((Partition partition, Cell cell) in _cells)
            {
                if (_count <= target)
                {
                    break;
                }

                Volatile.Write(ref cell.At, Removed);
                Remove(partition, isIdle: false);
            }
        }
    }

    private void Remove(Partition partition, bool isIdle)
    {
        _cells.TryRemove(partition, out _);
        Interlocked.Decrement(ref _count);
        _metrics.Evicted(isIdle);
    }

    private readonly record struct Partition(int Policy, UInt128 Id)
    {
        public override int GetHashCode() => HashCode.Combine(Policy, (ulong)Id, (ulong)(Id >> 64));
    }

    private sealed class Cell
    {
        /// <summary>When all permits are back, in microseconds of the clock.</summary>
        public long At;
    }
}
