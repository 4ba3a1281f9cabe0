using System.ComponentModel.DataAnnotations;

namespace Iskra.Modules.Cards.Posting;

/// <summary>Limits of the posting pipeline. Section <c>Cards:Posting</c>.</summary>
internal sealed class PostingOptions : IValidatableObject
{
    public const string Section = "Cards:Posting";

    /// <summary>
    /// Transfers waiting to be posted; one more is refused with 503 and <c>Retry-After</c>. Metric iskra.cards.posting.rejected.
    /// </summary>
    [Range(100, 10_000_000)]
    public int QueueTransfersMax { get; set; } = 50_000;

    /// <summary>Transfers in one commit, at least this many may go together before the time of a commit limits them.</summary>
    [Range(1, 100_000)]
    public int CommitTransfersMin { get; set; } = 500;

    /// <summary>Transfers in one commit, at most (a single larger request still goes whole).</summary>
    [Range(1, 100_000)]
    public int CommitTransfersMax { get; set; } = 8_192;

    /// <summary>What a commit should take: the number of transfers in it grows and shrinks towards this. Milliseconds.</summary>
    [Range(1, 10_000)]
    public int CommitTargetMilliseconds { get; set; } = 20;

    /// <summary>How long a small group may wait for callers that are about to come back, at most. Microseconds; 0 never waits.</summary>
    [Range(0, 100_000)]
    public int GatherMicrosecondsMax { get; set; } = 200;

    /// <summary>Accounts held in memory, at most; others are loaded when needed. About 250 bytes each.</summary>
    [Range(1_000, 100_000_000)]
    public int AccountsInMemoryMax { get; set; } = 1_000_000;

    /// <summary>Newest transfer ids held in memory: an id above them needs no look-up. About 60 bytes each.</summary>
    [Range(10_000, 100_000_000)]
    public int RecentIdsMax { get; set; } = 262_144;

    /// <summary>Journal entries that a restart may have to replay. More of them mean fewer row updates and a longer start.</summary>
    [Range(1, 10_000_000)]
    public int RecoveryEntriesMax { get; set; } = 500_000;

    /// <summary>Account rows brought up to date in one commit, at most.</summary>
    [Range(1, 100_000)]
    public int AccountRowsPerCommitMax { get; set; } = 4_096;

    /// <summary>How often pending transfers whose time is over are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan ExpiryInterval { get; set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CommitTransfersMin > CommitTransfersMax)
        {
            yield return new ValidationResult(
                $"may not exceed {Section}:{nameof(CommitTransfersMax)}", [nameof(CommitTransfersMin)]);
        }

        if (RecentIdsMax < 4 * CommitTransfersMax)
        {
            yield return new ValidationResult(
                $"must be at least four times {Section}:{nameof(CommitTransfersMax)}", [nameof(RecentIdsMax)]);
        }
    }
}
