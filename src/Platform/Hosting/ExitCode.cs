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
}
