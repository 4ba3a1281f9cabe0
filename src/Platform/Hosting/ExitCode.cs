namespace Iskra.Platform.Hosting;

/// <summary>Process exit codes: a script can tell the causes apart. The numbers are a contract and only grow.</summary>
public enum ExitCode
{
    /// <summary>All done.</summary>
    Ok = 0,

    /// <summary>The command ran and failed; the last line on the error stream says why.</summary>
    Failure = 1,

    /// <summary>Unknown command or option, or a value out of range.</summary>
    Usage = 2,

    /// <summary>The address to listen on is taken or may not be used.</summary>
    AddressInUse = 3,

    /// <summary>The data folder can't be created or written.</summary>
    DataFolderNotWritable = 4,

    /// <summary>The database was written by a newer version of Iskra.</summary>
    DatabaseNewer = 5,

    /// <summary>A migration that had been applied was changed afterwards.</summary>
    MigrationChanged = 6,

    /// <summary>The database server can't be reached, refuses the credentials, or the file is no database.</summary>
    DatabaseUnreachable = 7,

    /// <summary>Another process holds the data folder.</summary>
    StoreInUse = 8,

    /// <summary>A verification found a difference.</summary>
    VerificationFailed = 9,

    /// <summary>A setting is missing or out of range; each fault is named with its key.</summary>
    BadConfiguration = 10,

    /// <summary>An optional program or server that was asked for is missing (<c>iskra doctor --require</c>).</summary>
    DependencyMissing = 11,

    /// <summary>An archive is no backup of Iskra, is cut off, or was changed.</summary>
    BackupDamaged = 20,

    /// <summary>The backup key is missing, can't be read, or isn't the archive's.</summary>
    BackupKeyWrong = 21,

    /// <summary>The archive was written by a newer version of Iskra.</summary>
    BackupNewer = 22,

    /// <summary>The folder or database to restore into is not empty.</summary>
    RestoreTargetNotEmpty = 23,

    /// <summary>A disk is full, or would be.</summary>
    NoSpace = 24,

    /// <summary>Another backup is being made in the same folder.</summary>
    BackupRunning = 25,

    /// <summary>A restore into this data folder did not finish.</summary>
    RestoreIncomplete = 26,
}
