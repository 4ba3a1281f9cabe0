namespace Iskra.Platform.Caching;

/// <summary>A load that is under way, and all who wait for it. <see cref="LocalLevel"/> guards <see cref="IsStale"/>.</summary>
internal sealed class CacheLoad(CacheKey key, string[] tags)
{
    private readonly TaskCompletionSource<object?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CacheKey Key { get; } = key;

    public string[] Tags { get; } = tags;

    /// <summary>Whether it was invalidated since it began: its value may go to those who asked before, and nowhere else.</summary>
    public bool IsStale { get; set; }

    public Task<object?> Result => _result.Task;

    public void Complete(object? value) => _result.TrySetResult(value);

    public void Fail(Exception exception)
    {
        _result.TrySetException(exception);

        // Whoever asked may have gone.
        _ = _result.Task.Exception;
    }
}
