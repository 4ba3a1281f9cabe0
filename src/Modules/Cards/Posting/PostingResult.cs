using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Posting;

/// <summary>Whether a request was carried out at all.</summary>
internal enum PostingOutcome
{
    /// <summary>Every item has its own status, and what was written is durable.</summary>
    Done = 0,

    /// <summary>The queue was full: nothing was done.</summary>
    QueueFull = 1,

    /// <summary>
    /// The ledger is starting, standing by, stopping or lost its store; whether anything was written shows when it is sent again.
    /// </summary>
    Unavailable = 2,
}

/// <summary>The answer to one request: a status and a journal sequence (0 for none) per item, in the request's order.</summary>
internal sealed record PostingResult(
    PostingOutcome Outcome,
    TransferStatus[] Statuses,
    long[] Sequences,
    AccountStatus[] AccountStatuses,
    long PostedAt,
    TimeSpan RetryAfter)
{
    public static PostingResult Refused(PostingOutcome outcome, TimeSpan retryAfter) => new(outcome, [], [], [], 0, retryAfter);
}
