using System.Net;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Hosting;

/// <summary>Messages of the HTTP pipeline: events 1100 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Error, "{Method} {Route} failed")]
    internal static partial void RequestFailed(ILogger logger, Exception exception, string method, string route);

    [LoggerMessage(1101, LogLevel.Error, "{Method} {Route} failed after its answer had begun; the connection was closed")]
    internal static partial void ResponseBroken(ILogger logger, Exception exception, string method, string route);

    [LoggerMessage(1103, LogLevel.Error, "{Method} {Route} was answered with 503 because of the store: {Kind}")]
    internal static partial void StoreFault(ILogger logger, Exception exception, string method, string route, ErrorKind kind);

    [LoggerMessage(1102, LogLevel.Warning, "Refused a request from {Address} with a host name that is not ours; see Http:AllowedHosts")]
    internal static partial void HostRefused(ILogger logger, IPAddress? address);
}
