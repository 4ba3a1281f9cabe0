using System.Collections.Concurrent;

namespace Iskra.Platform.Jobs;

/// <summary>Tells who watches a job in this process that it has changed. Costs nothing while nobody watches.</summary>
internal sealed class JobChanges
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _watched = new();

    /// <summary>Jobs that are watched.</summary>
    public int Count => _watched.Count;

    /// <summary>The next change. Take it before reading the job.</summary>
    public Task Next(Guid jobId) =>
        _watched.GetOrAdd(jobId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(Guid jobId)
    {
        if (!_watched.IsEmpty && _watched.TryRemove(jobId, out TaskCompletionSource? watched))
        {
            watched.TrySetResult();
        }
    }

    /// <summary>Nobody watches it any more, as far as the caller knows; another watcher falls back to its poll once.</summary>
    public void Forget(Guid jobId) => Changed(jobId);
}
