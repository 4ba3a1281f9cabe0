using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Encryption;

/// <summary>Messages of encryption: events 1800 to 1849. Never a key, and never which subject was erased.</summary>
internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Information, "Version {Version} of tenant {Tenant}'s key is in force; {Rewrapped} data keys rewrapped")]
    internal static partial void Rotated(ILogger logger, int tenant, int version, int rewrapped);

    [LoggerMessage(1801, LogLevel.Information, "A subject of tenant {Tenant} was erased; the audit trail says which")]
    internal static partial void Erased(ILogger logger, int tenant);
}
