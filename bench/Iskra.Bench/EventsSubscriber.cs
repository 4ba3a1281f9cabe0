using Iskra.Platform.Events;

namespace Iskra.Bench;

/// <summary>Counts what it gets, and says when that is all.</summary>
internal sealed class EventsSubscriber(string name) : IEventSubscriber
{
    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _left = long.MaxValue;
    private long _seen;

    public string Name { get; } = name;

    public IReadOnlyList<string> Types { get; } = [EventsScenario.EventType];

    public EventStart StartAt => EventStart.End;

    public Task HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _seen, batch.Count) >= Interlocked.Read(ref _left))
        {
            _done.TrySetResult();
        }

        return Task.CompletedTask;
    }

    /// <summary>Counts from nothing again.</summary>
    public void Reset()
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _left, long.MaxValue);
        Interlocked.Exchange(ref _seen, 0);
    }

    /// <summary>Waits until it has seen so many.</summary>
    public Task SeenAsync(long events)
    {
        if (_done.Task.IsCompleted)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Interlocked.Exchange(ref _left, events);
        if (Interlocked.Read(ref _seen) >= events)
        {
            _done.TrySetResult();
        }

#pragma warning disable VSTHRD003 // Completed by the dispatcher.
        return _done.Task;
#pragma warning restore VSTHRD003
    }
}
