using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Realtime;

/// <summary>Event ids 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Debug, "Topic {Topic}: a peer was dropped, a frame could not be sent ({Cause}).")]
    public static partial void PeerDropped(this ILogger log, string topic, string cause);
}
