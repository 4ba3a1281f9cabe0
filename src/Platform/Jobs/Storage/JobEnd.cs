namespace Iskra.Platform.Jobs.Storage;

/// <summary>How an attempt ends: in the history when <paramref name="State"/> is a final one, else back in the table.</summary>
/// <param name="Id">The job.</param>
/// <param name="Attempt">The fencing token of the claim.</param>
/// <param name="WorkerId">Who claimed it.</param>
/// <param name="State">Where the job goes.</param>
/// <param name="OrderAt">Its place in the queue, when it goes back.</param>
/// <param name="ReadyAt">When it may start again, when it goes back.</param>
/// <param name="Failures">Failures so far, this one included.</param>
/// <param name="Mode">How the next attempt runs.</param>
/// <param name="IsOverrun">Whether the deadline's action has happened.</param>
/// <param name="Result">The result's JSON.</param>
/// <param name="Error">The last error.</param>
internal sealed record JobEnd(
    Guid Id,
    int Attempt,
    Guid WorkerId,
    JobState State,
    long OrderAt,
    long ReadyAt,
    int Failures,
    JobMode Mode,
    bool IsOverrun,
    string? Result,
    string? Error)
{
    public bool IsFinal => State >= JobState.Done;
}
