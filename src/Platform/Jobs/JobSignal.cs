namespace Iskra.Platform.Jobs;

/// <summary>Wakes this process's dispatcher. A lost signal costs at most one poll interval, never a job.</summary>
internal sealed class JobSignal
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = Create();
    private long _due = long.MaxValue;
    private bool _poll;

    /// <summary>The next signal. Take it before looking at what there is to do.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Jobs of this type were committed.</summary>
    public void Queued(string type)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (_types.Add(type))
            {
                waiting = _next;
                _next = Create();
            }
        }

        waiting?.TrySetResult();
    }

    /// <summary>A job was committed that may start at an instant to come.</summary>
    public void Scheduled(long readyAt)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (readyAt < _due)
            {
                _due = readyAt;
                waiting = _next;
                _next = Create();
            }
        }

        waiting?.TrySetResult();
    }

    /// <summary>Look at everything now: paused queues, scheduled jobs, all types.</summary>
    public void Poll()
    {
        lock (_gate)
        {
            _poll = true;
        }

        Wake();
    }

    /// <summary>Something changed in this process: a slot is free.</summary>
    public void Wake()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            waiting = _next;
            _next = Create();
        }

        waiting.TrySetResult();
    }

    /// <summary>What was signalled since the last time; the earliest instant at which a scheduled job becomes ready.</summary>
    public (IReadOnlyList<string> Types, long Due, bool Poll) Take()
    {
        lock (_gate)
        {
            (IReadOnlyList<string>, long, bool) taken = (_types.Count == 0 ? [] : [.. _types], _due, _poll);
            _types.Clear();
            _due = long.MaxValue;
            _poll = false;
            return taken;
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
