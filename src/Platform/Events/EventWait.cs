namespace Iskra.Platform.Events;

/// <summary>How a loop waits for more events.</summary>
internal static class EventWait
{
    /// <summary>
    /// Until a commit is signalled or the poll is due, but never shorter than <see cref="EventsOptions.WakeInterval"/> after the last read:
    /// under load many commits share one read, and after a quiet moment the first one is read at once.
    /// </summary>
    public static async Task ForAsync(Task signal, EventsOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(options.WakeInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
#pragma warning disable VSTHRD003 // Completed by whoever commits, on no particular thread.
            await signal.WaitAsync(options.PollInterval, time, cancellationToken);
#pragma warning restore VSTHRD003
        }
        catch (TimeoutException)
        {
        }
        catch (OperationCanceledException)
        {
        }
    }
}
