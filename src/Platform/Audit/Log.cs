using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Audit;

/// <summary>Messages of the audit trail: events 1850 to 1899.</summary>
internal static partial class Log
{
    [LoggerMessage(1850, LogLevel.Error, "Audit entries could not be linked; they wait and are tried again")]
    internal static partial void LinkFailed(ILogger logger, Exception exception);

    [LoggerMessage(1851, LogLevel.Error, "The checkpoint of tenant {Tenant} at {Sequence} could not be copied to Audit:CheckpointFolder")]
    internal static partial void CheckpointNotCopied(ILogger logger, Exception exception, int tenant, long sequence);

    [LoggerMessage(1852, LogLevel.Error, "The audit trail of tenant {Tenant} has a fault at {Sequence}: {Fault}")]
    internal static partial void FaultFound(ILogger logger, int tenant, long sequence, string fault);

    [LoggerMessage(1853, LogLevel.Error, "The audit trail could not be verified")]
    internal static partial void VerificationFailed(ILogger logger, Exception exception);

    [LoggerMessage(1854, LogLevel.Information, "The audit trail of tenant {Tenant} is whole: {Entries} entries, {Checkpoints} checkpoints")]
    internal static partial void Verified(ILogger logger, int tenant, long entries, int checkpoints);
}
