using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Http;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>Reads a filter from the query string; every fault is reported at once.</summary>
internal static class TransferFilterQuery
{
    public static bool TryRead(
        HttpContext context, [NotNullWhen(true)] out TransferFilter? filter, [NotNullWhen(false)] out ProblemResult? problem)
    {
        IQueryCollection query = context.Request.Query;
        List<ProblemError> errors = [];
        Guid? account = null;
        if (Text(query, "accountId") is { } id)
        {
            account = Guid.TryParse(id, out Guid parsed) ? parsed : null;
            Require(account is not null, "accountId", "must be a UUID");
        }

        TransferKind? kind = null;
        if (Text(query, "kind") is { } name)
        {
            kind = Enum.TryParse(name, ignoreCase: true, out TransferKind parsed) && !char.IsDigit(name[0]) && name[0] != '-' ? parsed : null;
            Require(kind is not null, "kind", "must be post, pending, postPending, voidPending or expirePending");
        }

        string? currency = null;
        if (Text(query, "currency") is { } code)
        {
            Require(Currencies.TryGet(code, out currency), "currency", "must be an ISO 4217 code such as RUB");
        }

        filter = new TransferFilter
        {
            AccountId = account,
            Kind = kind,
            Currency = currency,
            MinAmountMinor = Amount("minAmountMinor"),
            MaxAmountMinor = Amount("maxAmountMinor"),
            From = Instant("from"),
            To = Instant("to"),
        };
        problem = errors.Count > 0 ? Problems.Invalid(errors) : null;
        return problem is null;

        void Require(bool condition, string field, string message)
        {
            if (!condition)
            {
                errors.Add(new ProblemError(field, message));
            }
        }

        long? Amount(string field)
        {
            if (Text(query, field) is not { } text)
            {
                return null;
            }

            bool ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long amount)
                && amount <= LedgerLimits.AmountMinorMax;
            Require(ok, field, $"must be a whole number from 0 to {LedgerLimits.AmountMinorMax}");
            return amount;
        }

        long? Instant(string field)
        {
            if (Text(query, field) is not { } text)
            {
                return null;
            }

            bool ok = DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at);
            Require(ok, field, "must be an instant such as 2026-01-31T00:00:00Z");
            return Instants.ToMicroseconds(at);
        }
    }

    private static string? Text(IQueryCollection query, string field) =>
        query.TryGetValue(field, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
}
