using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Iskra.Platform.Cluster;

/// <summary>
/// Passes a request on to another process of the installation and its answer back, both as they come, so that a client may send to any
/// process what only one of them can do. The other process checks the caller by itself. Thread-safe.
/// </summary>
public sealed class RequestForwarder : IDisposable
{
    /// <summary>Marks a request that was passed on already: it is never passed on again.</summary>
    public const string MarkHeader = "Iskra-Forwarded";

    // RFC 9110, 7.6.1: they speak of one connection only. Content-Length and Transfer-Encoding are the client's own business here.
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Proxy-Connection", "Expect",
    };

    private readonly HttpMessageInvoker _client;
    private readonly ClusterOptions _options;
    private readonly ClusterMetrics _metrics;
    private int _underWay;

    internal RequestForwarder(IOptions<ClusterOptions> options, ClusterMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = _options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
    }

    /// <summary>Whether another process passed this request on.</summary>
    public static bool IsForwarded(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.ContainsKey(MarkHeader);
    }

    /// <summary>
    /// Sends the request, whose body nobody may have read yet, to the process at <paramref name="node"/>. On any outcome but
    /// <see cref="ForwardOutcome.Answered"/> the caller still has to answer.
    /// </summary>
    public async Task<ForwardOutcome> ForwardAsync(HttpContext context, Uri node)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(node);
        ForwardOutcome outcome;
        if (Interlocked.Increment(ref _underWay) > _options.ForwardedRequestsMax)
        {
            outcome = ForwardOutcome.LimitReached;
        }
        else
        {
            outcome = await SendAsync(context, node);
        }

        Interlocked.Decrement(ref _underWay);
        _metrics.Forwarded(outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<ForwardOutcome> SendAsync(HttpContext context, Uri node)
    {
        HttpResponseMessage answer;
        using HttpRequestMessage message = ToMessage(context, node);
        try
        {
            answer = await _client.SendAsync(message, context.RequestAborted);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return ForwardOutcome.Unreachable;
        }
        catch (HttpRequestException)
        {
            return ForwardOutcome.Broken;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The time for a connection ran out.
            return ForwardOutcome.Unreachable;
        }

        using (answer)
        {
            context.Response.StatusCode = (int)answer.StatusCode;
            Copy(answer.Headers, context.Response.Headers);
            Copy(answer.Content.Headers, context.Response.Headers);
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }

        return ForwardOutcome.Answered;
    }

    private static HttpRequestMessage ToMessage(HttpContext context, Uri node)
    {
        HttpRequest request = context.Request;
        Uri target = new($"{node.GetLeftPart(UriPartial.Authority)}{request.PathBase}{request.Path.ToUriComponent()}{request.QueryString}");
        HttpRequestMessage message = new(new HttpMethod(request.Method), target)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
        {
            message.Content = new StreamContent(request.Body);
        }

        foreach ((string name, StringValues values) in request.Headers)
        {
            if (name.StartsWith(':') || HopByHop.Contains(name))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        // The host that the client named stays: the check of a cookie's origin needs it.
        message.Headers.TryAddWithoutValidation(MarkHeader, "1");
        if (context.Connection.RemoteIpAddress is { } address)
        {
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
        }

        return message;
    }

    private static void Copy(System.Net.Http.Headers.HttpHeaders from, IHeaderDictionary to)
    {
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in from.NonValidated)
        {
            if (!HopByHop.Contains(name))
            {
                to[name] = values.ToArray();
            }
        }
    }
}
