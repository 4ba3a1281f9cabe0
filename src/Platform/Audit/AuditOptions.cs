using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Audit;

/// <summary>The audit trail's chain and its checkpoints. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>
    /// How often waiting entries are looked for when nothing says that there are some (another process may have written them).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LinkInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries that one transaction links, at most.</summary>
    [Range(1, 10_000)]
    public int LinkBatchMax { get; set; } = 500;

    /// <summary>A checkpoint is signed after so many entries of a tenant, at the latest.</summary>
    [Range(1, 1_000_000)]
    public int CheckpointEntries { get; set; } = 1_000;

    /// <summary>A checkpoint is signed so long after the first entry that none covers, at the latest.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A folder to which each checkpoint is copied, best on another machine or a medium that can't be rewritten. With it, a trail whose end
    /// was cut off together with its checkpoints is found out too. Empty: none.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>How often the server verifies all tenants' trails by itself; what it finds is an error in the log and a metric.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Entries of one export, at most; a larger trail is exported in parts by time.</summary>
    [Range(1, 100_000_000)]
    public int ExportEntriesMax { get; set; } = 1_000_000;
}
