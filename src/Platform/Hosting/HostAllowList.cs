using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Hosting;

/// <summary>
/// Refuses a Host header that doesn't name this server, so that a page of someone else's whose name resolves to a loopback address can't
/// read answers (DNS rebinding). IP addresses pass: a rebinding attack needs a name.
/// </summary>
internal sealed class HostAllowList(
    RequestDelegate next, IOptions<HttpOptions> options, HostingMetrics metrics, ILogger<HostAllowList> logger)
{
    private static readonly ProblemResult Refused = Problems.Create(
        StatusCodes.Status421MisdirectedRequest,
        "host-not-allowed",
        "This server doesn't answer to that host name",
        "Add the name to Http:AllowedHosts when it is yours.");

    private readonly HashSet<string> _names = new(
        options.Value.AllowedHosts.Append("localhost").Append(Environment.MachineName), StringComparer.OrdinalIgnoreCase);

    private readonly string[] _suffixes = [.. options.Value.AllowedHosts.Where(host => host.StartsWith("*.", StringComparison.Ordinal))
        .Select(host => host[1..])];

    private readonly bool _any = options.Value.AllowedHosts.Contains("*");

    public Task InvokeAsync(HttpContext context)
    {
        if (IsAllowed(context.Request.Host))
        {
            return next(context);
        }

        metrics.Rejected("host-not-allowed");
        Log.HostRefused(logger, context.Connection.RemoteIpAddress);
        return Refused.ExecuteAsync(context);
    }

    internal bool IsAllowed(HostString host)
    {
        string name = host.Host;
        return _any
            || _names.Contains(name)
            || IPAddress.TryParse(name.AsSpan().Trim("[]"), out _)
            || _suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }
}
