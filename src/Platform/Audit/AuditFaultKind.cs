namespace Iskra.Platform.Audit;

/// <summary>What is wrong with a trail. The numbers are part of the API: they only grow.</summary>
public enum AuditFaultKind
{
    /// <summary>An entry isn't there, though later ones are.</summary>
    EntryMissing = 1,

    /// <summary>An entry isn't what was written, or stands where another was written.</summary>
    EntryChanged = 2,

    /// <summary>The end of the trail isn't there: its head or a checkpoint knows of more.</summary>
    TailMissing = 3,

    /// <summary>The chain is whole in itself but isn't the one that a checkpoint was signed for: it was written anew.</summary>
    ChainRewritten = 4,

    /// <summary>A checkpoint isn't signed by a key of the ring, or a key of the ring was exchanged.</summary>
    CheckpointForged = 5,

    /// <summary>
    /// A copy of a checkpoint in the folder has none to match in the database: it was deleted there, or the copy is damaged.
    /// </summary>
    CheckpointMissing = 6,
}
