namespace Iskra.Platform.Events;

/// <summary>Wakes the loops that read the outbox. A lost signal costs time, never an event: the loops poll as well.</summary>
internal sealed class EventSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isTaken;

    // VSTHRD003 is about tasks that may need the awaiting thread; this one is completed by whoever writes, and runs nothing inline.
#pragma warning disable VSTHRD003
    /// <summary>The next signal. Take it before reading the outbox.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                _isTaken = true;
                return _next.Task;
            }
        }
    }
#pragma warning restore VSTHRD003

    /// <summary>An event is committed. Cheap when nobody waits.</summary>
    public void Set()
    {
        TaskCompletionSource current;
        lock (_gate)
        {
            if (!_isTaken)
            {
                return;
            }

            current = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _isTaken = false;
        }

        current.TrySetResult();
    }
}
