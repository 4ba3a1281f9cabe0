using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>Reads a filter from the query string; every fault is reported at once.</summary>
internal sealed class TransferFilterQuery
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private readonly IQueryCollection _query;
    private readonly List<ProblemError> _errors = [];

    private TransferFilterQuery(IQueryCollection query) => _query = query;

    public static bool TryRead(
        HttpContext context, [NotNullWhen(true)] out TransferFilter? filter, [NotNullWhen(false)] out ProblemResult? problem)
    {
        TransferFilterQuery query = new(context.Request.Query);
        filter = new TransferFilter
        {
            AccountId = query.AccountId(),
            Kind = query.Kind(),
            Currency = query.Currency(),
            MinAmountMinor = query.Amount("minAmountMinor"),
            MaxAmountMinor = query.Amount("maxAmountMinor"),
            From = query.Instant("from"),
            To = query.Instant("to"),
        };
        problem = query._errors.Count > 0 ? Problems.Invalid(query._errors) : null;
        return problem is null;
    }

    /// <summary>What <see cref="TryRead"/> reads, for the OpenAPI document.</summary>
    public static RouteHandlerBuilder Describe(RouteHandlerBuilder builder) => builder
        .WithQuery("kind", "post, pending, postPending, voidPending or expirePending.")
        .WithQuery("currency", "ISO 4217.")
        .WithQuery("minAmountMinor", "The least amount, in minor units.", JsonSchemaType.Integer, "int64")
        .WithQuery("maxAmountMinor", "The largest amount, in minor units.", JsonSchemaType.Integer, "int64")
        .WithQuery("from", "Posted at this instant or later; RFC 3339.", format: "date-time")
        .WithQuery("to", "Posted at this instant or earlier; RFC 3339.", format: "date-time");

    private Guid? AccountId()
    {
        if (Text("accountId") is not { } text)
        {
            return null;
        }

        Require(Guid.TryParse(text, out Guid id), "accountId", "must be a UUID");
        return id;
    }

    private TransferKind? Kind()
    {
        if (Text("kind") is not { } text)
        {
            return null;
        }

        bool named = Enum.TryParse(text, ignoreCase: true, out TransferKind kind) && char.IsLetter(text[0]) && !text.Contains(',');
        Require(named, "kind", "must be post, pending, postPending, voidPending or expirePending");
        return kind;
    }

    private string? Currency()
    {
        if (Text("currency") is not { } text)
        {
            return null;
        }

        Require(Currencies.TryGet(text, out string? currency), "currency", "must be an ISO 4217 code such as RUB");
        return currency;
    }

    private long? Amount(string field)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        bool ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long amount)
            && amount <= LedgerLimits.AmountMinorMax;
        Require(ok, field, $"must be a whole number from 0 to {LedgerLimits.AmountMinorMax}");
        return amount;
    }

    private long? Instant(string field)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        bool ok = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset at);
        Require(ok, field, "must be an instant such as 2026-01-31T00:00:00Z");
        return Instants.ToMicroseconds(at);
    }

    private void Require(bool condition, string field, string message)
    {
        if (!condition)
        {
            _errors.Add(new ProblemError(field, message));
        }
    }

    private string? Text(string field) =>
        _query.TryGetValue(field, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
}
