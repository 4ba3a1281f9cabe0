using System.Text.Json;
using Iskra.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Hosting;

/// <summary>
/// The one place that turns exceptions into problems. What a caller did wrong is told; what passes (the store is busy, full, gone) answers
/// 503 with <c>Retry-After</c>; a fault of ours answers 500, and its details never leave the log. Each is counted by its kind.
/// </summary>
internal sealed class ProblemMiddleware(
    RequestDelegate next, HostingMetrics metrics, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    /// <summary>A store that is away fails every request: one line in this time says so.</summary>
    private static readonly TimeSpan StoreFaultLogInterval = TimeSpan.FromSeconds(1);

    private long _storeFaultLoggedAt;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
        }
        catch (Exception exception) when (IsCallerGone(context, exception))
        {
            // The caller left in the middle of the answer: nobody is there to be told.
            metrics.Failed(ErrorKind.CallerLeft);
        }
        catch (Exception exception)
        {
            metrics.Failed(ErrorKind.AnswerBroken);
            Log.ResponseBroken(logger, exception, context.Request.Method, RouteOf(context));
            context.Abort();
        }
    }

    private static bool IsCallerGone(HttpContext context, Exception exception) =>
        exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested;

    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (IsCallerGone(context, exception))
        {
            // 499 is what the access logs of proxies call a caller who left; it never reaches anyone.
            metrics.Failed(ErrorKind.CallerLeft);
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }

        (ErrorKind kind, ProblemResult problem) = Translate(exception);
        metrics.Failed(kind);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            Log.RequestFailed(logger, exception, context.Request.Method, RouteOf(context));
        }
        else if (problem.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status503ServiceUnavailable)
        {
            metrics.Rejected(problem.Code);
            LogStoreFault(context, kind, exception);
        }

        context.Response.Clear();
        if (exception is BadHttpRequestException && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // What is left of a broken body can't be told from the next request.
            context.Response.Headers.Connection = "close";
        }

        SecurityHeaders.Apply(context);
        await problem.ExecuteAsync(context);
    }

    /// <summary>A full queue of ours is no news: it has its metric. A store that is away is.</summary>
    private void LogStoreFault(HttpContext context, ErrorKind kind, Exception exception)
    {
        long now = time.GetTimestamp();
        long last = Volatile.Read(ref _storeFaultLoggedAt);
        if (kind is ErrorKind.StoreFull or ErrorKind.StoreUnreachable or ErrorKind.StoreTimeout
            && (last == 0 || time.GetElapsedTime(last, now) >= StoreFaultLogInterval)
            && Interlocked.CompareExchange(ref _storeFaultLoggedAt, now, last) == last)
        {
            Log.StoreFault(logger, exception, context.Request.Method, RouteOf(context), kind);
        }
    }

    private static (ErrorKind Kind, ProblemResult Problem) Translate(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => (ErrorKind.BadRequest, JsonFaults.ToProblem(json)),
        BadHttpRequestException bad => (KindOf(bad.StatusCode), FromBadRequest(bad)),
        DatabaseBusyException busy => (ErrorKind.StoreBusy, Problems.Busy(busy.Message)),
        _ when StoreFaults.Of(exception) is { } fault => FromStore(fault),
        OperationCanceledException or TimeoutException => (ErrorKind.Timeout, Problems.ForStatus(StatusCodes.Status504GatewayTimeout)),
        _ => (ErrorKind.Internal, Problems.ForStatus(StatusCodes.Status500InternalServerError)),
    };

    private static ErrorKind KindOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => ErrorKind.Timeout,
        StatusCodes.Status413PayloadTooLarge => ErrorKind.TooLarge,
        _ => ErrorKind.BadRequest,
    };

    private static (ErrorKind Kind, ProblemResult Problem) FromStore(StoreFault fault) => fault switch
    {
        StoreFault.Busy => (ErrorKind.StoreBusy, Problems.Busy("The store is busy; send the same request again.")),
        StoreFault.Full => (ErrorKind.StoreFull, Problems.StoreUnavailable("The store's disk is full.")),
        StoreFault.TimedOut => (ErrorKind.StoreTimeout, Problems.StoreUnavailable("The store didn't answer in time.")),
        _ => (ErrorKind.StoreUnreachable, Problems.StoreUnavailable("The store can't be reached.")),
    };

    private static ProblemResult FromBadRequest(BadHttpRequestException bad)
    {
        ProblemResult template = Problems.ForStatus(bad.StatusCode);

        // The framework's text names the parameter and its type, which helps; it never holds the value for our simple types.
        return bad.StatusCode == StatusCodes.Status400BadRequest
            ? Problems.Create(template.Status, template.Code, template.Title, WithoutValue(bad.Message))
            : template;
    }

    private static string WithoutValue(string message)
    {
        int from = message.IndexOf(" from \"", StringComparison.Ordinal);
        return from < 0 ? message : message[..from] + ".";
    }
}
