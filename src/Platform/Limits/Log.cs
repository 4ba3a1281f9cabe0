using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Limits;

/// <summary>Messages of the rate limits: events 1750 to 1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1750, LogLevel.Debug, "A request was refused by the limit '{Policy}'")]
    internal static partial void Limited(ILogger logger, string policy);
}
