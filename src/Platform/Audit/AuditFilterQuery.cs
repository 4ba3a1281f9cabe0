using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Audit;

/// <summary>Reads a filter from the query string; every fault is reported at once.</summary>
internal static class AuditFilterQuery
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static bool TryRead(
        HttpContext context, [NotNullWhen(true)] out AuditFilter? filter, [NotNullWhen(false)] out ProblemResult? problem)
    {
        IQueryCollection query = context.Request.Query;
        List<ProblemError> errors = [];
        filter = new AuditFilter
        {
            From = Instant(query, "from", errors),
            To = Instant(query, "to", errors),
            Kind = Kind(query, errors),
            Actor = Id(query, "actor", errors),
            Subject = Id(query, "subject", errors),
        };
        problem = errors.Count > 0 ? Problems.Invalid(errors) : null;
        return problem is null;
    }

    public static RouteHandlerBuilder Describe(RouteHandlerBuilder builder) => builder
        .WithQuery("from", "Happened at this instant or later; RFC 3339.", format: "date-time")
        .WithQuery("to", "Happened before this instant; RFC 3339.", format: "date-time")
        .WithQuery("kind", "An event of the catalogue, such as api-key-created.")
        .WithQuery("actor", "Who did it: a key's prefix, a user's id, system.")
        .WithQuery("subject", "The person whose data it concerns.");

    private static string? Text(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    private static long? Instant(IQueryCollection query, string name, List<ProblemError> errors)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset instant))
        {
            return Instants.ToMicroseconds(instant);
        }

        errors.Add(new ProblemError(name, "must be an instant such as 2026-01-31T12:00:00Z"));
        return null;
    }

    private static AuditEventKind? Kind(IQueryCollection query, List<ProblemError> errors)
    {
        if (Text(query, "kind") is not { } text)
        {
            return null;
        }

        if (AuditEventNames.TryParse(text, out AuditEventKind kind))
        {
            return kind;
        }

        errors.Add(new ProblemError("kind", "is not an event of the catalogue"));
        return null;
    }

    private static string? Id(IQueryCollection query, string name, List<ProblemError> errors)
    {
        string? text = Text(query, name);
        if (text is not null && (text.Length > AuditEntry.IdLengthMax || text.Any(char.IsControl)))
        {
            errors.Add(new ProblemError(name, $"must have at most {AuditEntry.IdLengthMax} characters"));
        }

        return text;
    }
}
