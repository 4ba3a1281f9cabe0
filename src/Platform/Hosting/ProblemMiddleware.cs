using System.Text.Json;
using Iskra.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Hosting;

/// <summary>Turns every exception into a problem; only faults of ours are logged, and their details never leave the log.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, HostingMetrics metrics, ILogger<ProblemMiddleware> logger)
{
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
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left in the middle of the answer: nobody is there to be told.
        }
        catch (Exception exception)
        {
            Log.ResponseBroken(logger, exception, context.Request.Method, RouteOf(context));
            context.Abort();
        }
    }

    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // 499 is what the access logs of proxies call a caller who left; it never reaches anyone.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }

        ProblemResult problem = Translate(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            Log.RequestFailed(logger, exception, context.Request.Method, RouteOf(context));
        }
        else if (problem.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status503ServiceUnavailable)
        {
            metrics.Rejected(problem.Code);
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

    private static ProblemResult Translate(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => JsonFaults.ToProblem(json),
        BadHttpRequestException bad => FromBadRequest(bad),
        JsonException json => JsonFaults.ToProblem(json),
        DatabaseBusyException busy => Problems.Busy(busy.Message),
        OperationCanceledException => Problems.ForStatus(StatusCodes.Status504GatewayTimeout),
        _ => Problems.ForStatus(StatusCodes.Status500InternalServerError),
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
