using Microsoft.Extensions.Logging;

namespace Iskra.Modules.Cards;

/// <summary>Event ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information,
        "Ledger ready at journal sequence {Sequence}; {Replayed} entries replayed in {Milliseconds} ms")]
    public static partial void LedgerReady(ILogger logger, long sequence, long replayed, long milliseconds);

    [LoggerMessage(2001, LogLevel.Error,
        "The ledger's commit failed; callers are told to try again and the ledger is read again from the store")]
    public static partial void CommitFailed(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "The ledger can't be opened yet; next try in {Delay}")]
    public static partial void OpenFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(2003, LogLevel.Information, "Another process writes the ledger; standing by")]
    public static partial void StandingBy(ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "The posting queue is full at {Limit} transfers; callers are asked to slow down")]
    public static partial void QueueFull(ILogger logger, int limit);

    [LoggerMessage(2005, LogLevel.Error, "Looking for expired pending transfers failed; it is tried again")]
    public static partial void ExpiryFailed(ILogger logger, Exception exception);

    [LoggerMessage(2006, LogLevel.Information, "Ledger stopped at journal sequence {Sequence}")]
    public static partial void LedgerStopped(ILogger logger, long sequence);

    [LoggerMessage(2007, LogLevel.Warning, "Could not tell the other processes where the ledger's writer is; they answer 503")]
    public static partial void OwnerNotPublished(ILogger logger, Exception exception);

    [LoggerMessage(2020, LogLevel.Information, "Simulated card traffic started at speed {Speed}")]
    public static partial void DemoStarted(ILogger logger, double speed);

    [LoggerMessage(2021, LogLevel.Information, "Simulated card traffic stopped")]
    public static partial void DemoStopped(ILogger logger);

    [LoggerMessage(2022, LogLevel.Error, "Simulated card traffic failed and is off; POST /v1/cards/demo starts it again")]
    public static partial void DemoFailed(ILogger logger, Exception exception);
}
