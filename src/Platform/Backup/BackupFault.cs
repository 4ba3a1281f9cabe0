using Iskra.Platform.Hosting;

namespace Iskra.Platform.Backup;

/// <summary>Why a backup, a verification or a restore could not be done.</summary>
public enum BackupFault
{
    /// <summary>Something else; the message says what.</summary>
    Failed = 0,

    /// <summary>An archive is no archive, cut off or changed, or its base is.</summary>
    Damaged = 1,

    /// <summary>The key is missing, can't be read, or isn't the archive's.</summary>
    WrongKey = 2,

    /// <summary>The archive was written by a newer version of Iskra.</summary>
    NewerFormat = 3,

    /// <summary>The folder or database to restore into holds something.</summary>
    TargetNotEmpty = 4,

    /// <summary>A disk is full, or would be.</summary>
    NoSpace = 5,

    /// <summary>Another backup is being made in the same folder.</summary>
    Busy = 6,

    /// <summary>The file, folder or store that was named isn't there.</summary>
    NotFound = 7,

    /// <summary>A PostgreSQL program is missing or too old.</summary>
    ProgramMissing = 8,

    /// <summary>A folder can't be written or read.</summary>
    NotWritable = 9,

    /// <summary>The database server can't be reached or refuses.</summary>
    Unreachable = 10,

    /// <summary>A deep verification found a difference.</summary>
    Different = 11,
}

/// <summary>An expected end of a backup, verification or restore: one clear line, without secrets and without a full stop.</summary>
public sealed class BackupException : Exception
{
    public BackupException(BackupFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public BackupFault Fault { get; }

    /// <summary>The code that a command ends with.</summary>
    public ExitCode ExitCode => Fault switch
    {
        BackupFault.Damaged => ExitCode.BackupDamaged,
        BackupFault.WrongKey => ExitCode.BackupKeyWrong,
        BackupFault.NewerFormat => ExitCode.BackupNewer,
        BackupFault.TargetNotEmpty => ExitCode.RestoreTargetNotEmpty,
        BackupFault.NoSpace => ExitCode.NoSpace,
        BackupFault.Busy => ExitCode.BackupRunning,
        BackupFault.ProgramMissing => ExitCode.DependencyMissing,
        BackupFault.NotWritable => ExitCode.DataFolderNotWritable,
        BackupFault.Unreachable => ExitCode.DatabaseUnreachable,
        BackupFault.Different => ExitCode.VerificationFailed,
        _ => ExitCode.Failure,
    };
}
