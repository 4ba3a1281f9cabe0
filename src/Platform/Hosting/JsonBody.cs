using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Iskra.Platform.Hosting;

/// <summary>Reads a JSON body straight from the connection's buffers: no copy of the text, no stream.</summary>
public static class JsonBody
{
    /// <summary>Reads the body under <see cref="StrictJson.Options"/>.</summary>
    public static ValueTask<JsonBodyResult<T>> ReadAsync<T>(HttpContext context)
        where T : class => ReadAsync(context, StrictJson.TypeInfo<T>());

    /// <summary>
    /// Reads the whole body (bounded by <see cref="LimitsOptions.RequestBodyBytes"/>) and deserializes it. The problem names the path of
    /// the field at fault. A body over the limit throws <see cref="BadHttpRequestException"/>, which the pipeline answers with 413.
    /// </summary>
    public static async ValueTask<JsonBodyResult<T>> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> typeInfo)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(typeInfo);
        if (!IsJson(context.Request.ContentType))
        {
            return new JsonBodyResult<T>(null, Problems.ForStatus(StatusCodes.Status415UnsupportedMediaType));
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await ReadAsync(context, reader);
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            JsonBodyResult<T> result = Deserialize(read.Buffer, typeInfo);
            reader.AdvanceTo(read.Buffer.End);
            return result;
        }
    }

    internal static JsonBodyResult<T> Deserialize<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> typeInfo)
        where T : class
    {
        if (body.IsEmpty)
        {
            return new JsonBodyResult<T>(null, Problems.InvalidJson(new ProblemError("$", "is required: the body is empty")));
        }

        try
        {
            Utf8JsonReader json = new(body, new JsonReaderOptions { MaxDepth = typeInfo.Options.MaxDepth });
            T? value = JsonSerializer.Deserialize(ref json, typeInfo);
            if (json.Read() || value is null)
            {
                return new JsonBodyResult<T>(null, Problems.InvalidJson(new ProblemError("$", "must be one JSON object")));
            }

            return new JsonBodyResult<T>(value, null);
        }
        catch (JsonException exception)
        {
            return new JsonBodyResult<T>(null, JsonFaults.ToProblem(exception));
        }
        catch (InvalidOperationException exception) when (exception.InnerException is System.Text.DecoderFallbackException)
        {
            return new JsonBodyResult<T>(null, Problems.InvalidJson(new ProblemError("$", "is not valid UTF-8")));
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(HttpContext context, PipeReader reader)
    {
        try
        {
            return await reader.ReadAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or (IOException and not BadHttpRequestException))
        {
            // The caller left in the middle of the body. An unfinished read can't be drained, and the server would log that as a fault
            // of ours; there is nobody left to answer.
            context.Abort();
            throw;
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
