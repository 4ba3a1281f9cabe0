using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Hosting;

/// <summary>An error answer. Immutable and shareable: what belongs to one request (trace id, path) is added when it is written.</summary>
public sealed class ProblemResult : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    internal const string MediaType = "application/problem+json";

    /// <summary>The answer is no HTML and browsers are told not to guess, so quotes and letters stay readable.</summary>
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal ProblemResult(int status, string code, string title, string? detail, IReadOnlyList<ProblemError> errors, TimeSpan? retryAfter)
    {
        Status = status;
        Code = code;
        Title = title;
        Detail = detail;
        Errors = errors;
        RetryAfter = retryAfter;
    }

    public int Status { get; }

    public string Code { get; }

    public string Title { get; }

    public string? Detail { get; }

    public IReadOnlyList<ProblemError> Errors { get; }

    /// <summary>When the caller may try again; sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    string? IContentTypeHttpResult.ContentType => MediaType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        HttpResponse response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        Write(httpContext);
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private void Write(HttpContext context)
    {
        using Utf8JsonWriter writer = new(context.Response.BodyWriter, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("type", Problems.TypeBase + Code);
        writer.WriteString("title", Title);
        writer.WriteNumber("status", Status);
        if (Detail is not null)
        {
            writer.WriteString("detail", Scrubber.Scrub(Detail));
        }

        writer.WriteString("instance", Scrubber.Scrub(context.Request.Path.Value));
        writer.WriteString("traceId", Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        writer.WriteString("code", Code);
        if (Errors.Count > 0)
        {
            writer.WriteStartArray("errors");
            foreach (ProblemError error in Errors)
            {
                writer.WriteStartObject();
                // A path may hold a name that was sent.
                writer.WriteString("path", Scrubber.Scrub(error.Path));
                writer.WriteString("message", Scrubber.Scrub(error.Message));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
