using System.ComponentModel;
using System.Text.Json;

namespace Iskra.Platform.Jobs.Api;

/// <summary>A job as the API shows it.</summary>
public sealed record JobItem(
    Guid Id,
    string Type,
    [property: Description("scheduled, queued, running, waiting, done, dead, cancelled or quarantined.")] string State,
    int Priority,
    [property: Description("normal, simplified or fallback: how its next, present or last attempt runs.")] string Mode,
    bool IsOverrun,
    bool IsStopping,
    int Attempt,
    int Failures,
    int Crashes,
    DateTimeOffset CreatedAt,
    DateTimeOffset ReadyAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    int? Percent,
    string? Message,
    string? Error,
    string? IdempotencyKey,
    [property: Description("What the job was enqueued with.")] JsonElement? Payload,
    [property: Description("What it answered.")] JsonElement? Result,
    Guid? WorkerId)
{
    internal static JobItem From(JobInfo job) => new(
        job.Id,
        job.Type,
        NameOf(job.State),
        job.Priority,
        NameOf(job.Mode),
        job.IsOverrun,
        job.IsStopping,
        job.Attempt,
        job.Failures,
        job.Crashes,
        job.CreatedAt,
        job.ReadyAt,
        job.DueAt,
        job.StartedAt,
        job.FinishedAt,
        job.Progress?.Percent,
        job.Progress?.Message,
        job.Error,
        job.IdempotencyKey,
        Json(job.Payload),
        Json(job.Result),
        job.WorkerId);

    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    // A result is a handler's text: one that is no JSON is shown as the text that it is.
    private static JsonElement? Json(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
