namespace Iskra.Platform.Events;

/// <summary>Wakes the dispatcher's loops. A lost or early signal costs time, never an event: the loops poll as well.</summary>
internal sealed class EventSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool> _next = Create();

    // VSTHRD003 is about tasks that may need the awaiting thread; this one is completed by whoever writes, and runs nothing inline.
#pragma warning disable VSTHRD003
    /// <summary>
    /// The next signal; true when the event is committed, false when it was only appended. Take it before reading the outbox.
    /// </summary>
    public Task<bool> Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }
#pragma warning restore VSTHRD003

    public void Set(bool committed)
    {
        TaskCompletionSource<bool> current;
        lock (_gate)
        {
            current = _next;
            _next = Create();
        }

        current.TrySetResult(committed);
    }

    private static TaskCompletionSource<bool> Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
