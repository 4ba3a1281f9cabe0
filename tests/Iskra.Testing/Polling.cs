namespace Iskra.Testing;

/// <summary>Waiting for what happens in another process.</summary>
public static class Polling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PatienceDefault = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It took longer than a minute, or than <paramref name="patience"/>.</exception>
    public static async Task UntilAsync(
        Func<CancellationToken, Task<bool>> isSoAsync, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using PeriodicTimer timer = new(Interval);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? PatienceDefault);
        try
        {
            while (!await isSoAsync(limit.Token))
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("What the test waits for did not happen.");
        }
    }
}
