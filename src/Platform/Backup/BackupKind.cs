namespace Iskra.Platform.Backup;

/// <summary>Whether an archive stands alone. Stored: numbers never change.</summary>
public enum BackupKind
{
    /// <summary>Everything.</summary>
    Full = 1,

    /// <summary>The blocks that differ from one full archive, which a restore needs too.</summary>
    Differential = 2,
}
