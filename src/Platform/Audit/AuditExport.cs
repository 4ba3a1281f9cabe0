using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Audit;

/// <summary>Streams entries as JSON Lines or as CSV (RFC 4180).</summary>
internal sealed class AuditExport(IAsyncEnumerable<AuditItem> items, bool isCsv) : IResult
{
    private const int FlushEvery = 200;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        response.Headers.ContentDisposition = isCsv ? "attachment; filename=audit.csv" : "attachment; filename=audit.jsonl";
        response.Headers.CacheControl = "no-store";
        if (isCsv)
        {
            await response.WriteAsync(
                "sequence,id,occurredAt,kind,actorKind,actor,subject,target,details,isErased,hash\r\n", httpContext.RequestAborted);
        }

        int written = 0;
        await foreach (AuditItem item in items.WithCancellation(httpContext.RequestAborted))
        {
            await response.WriteAsync(isCsv ? CsvLine(item) : JsonSerializer.Serialize(item, Json) + "\n", httpContext.RequestAborted);
            if (++written % FlushEvery == 0)
            {
                await response.Body.FlushAsync(httpContext.RequestAborted);
            }
        }
    }

    internal static string CsvLine(AuditItem item)
    {
        StringBuilder line = new();
        string?[] cells =
        [
            item.Sequence.ToString(CultureInfo.InvariantCulture),
            item.Id.ToString(),
            item.OccurredAt.ToString("O", CultureInfo.InvariantCulture),
            item.Kind,
            item.ActorKind,
            item.Actor,
            item.Subject,
            item.Target,
            item.Details is null ? null : JsonSerializer.Serialize(item.Details, Json),
            item.IsErased ? "true" : "false",
            item.Hash,
        ];
        for (int i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : ",").Append(Cell(cells[i] ?? ""));
        }

        return line.Append("\r\n").ToString();
    }

    // A cell that begins like a formula is one to a spreadsheet: a quote before it makes it text.
    private static string Cell(string text)
    {
        string safe = text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
