using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>From the wire to the ledger. Finds what the ledger can't see: unknown currencies, kinds that callers may not send.</summary>
internal static class TransferMapping
{
    public static TransferRequest ToLedger(PostTransferRequest request, string path, ref List<ProblemError>? errors)
    {
        string? currency = null;
        bool settles = request.Kind is TransferKind.PostPending or TransferKind.VoidPending;
        if (request.Currency is null ? !settles : !Currencies.TryGet(request.Currency, out currency))
        {
            (errors ??= []).Add(new ProblemError(path + ".currency", "must be an ISO 4217 code such as RUB, three capital letters"));
        }

        if (request.Kind is TransferKind.ExpirePending)
        {
            (errors ??= []).Add(new ProblemError(path + ".kind", "must be post, pending, postPending or voidPending"));
        }

        if (request.Reference is { Length: <= LedgerLimits.ReferenceLengthMax } reference && Scrubber.HoldsCredential(reference))
        {
            (errors ??= []).Add(new ProblemError(path + ".reference", "must not hold a card number, a key or a token"));
        }

        if (request.AmountMinor is 0)
        {
            const string message = "must be at least 1, or left out to post all of a pending transfer";
            (errors ??= []).Add(new ProblemError(path + ".amountMinor", message));
        }

        return new TransferRequest
        {
            Id = Storage.Uuid.ToUInt128(request.Id),
            Kind = request.Kind,
            DebitAccountId = Storage.Uuid.ToUInt128(request.DebitAccountId ?? Guid.Empty),
            CreditAccountId = Storage.Uuid.ToUInt128(request.CreditAccountId ?? Guid.Empty),
            AmountMinor = request.AmountMinor ?? 0,
            Currency = currency,
            PendingId = Storage.Uuid.ToUInt128(request.PendingId ?? Guid.Empty),
            TimeoutSeconds = request.TimeoutSeconds,
            Code = request.Code,
            Reference = request.Reference,
            OccurredAt = request.OccurredAt is { } at ? Instants.ToMicroseconds(at) : null,
            Linked = request.Linked,
        };
    }

    /// <summary>The answer to a new transfer, all of which is in the request: no read from the store.</summary>
    public static TransferItem ToItem(PostTransferRequest request, long sequence, long postedAt) => new(
        sequence,
        request.Id,
        request.Kind,
        request.DebitAccountId!.Value,
        null,
        request.CreditAccountId!.Value,
        null,
        request.AmountMinor!.Value,
        request.Currency!,
        null,
        request.Code,
        request.Reference,
        Instants.FromMicroseconds(postedAt),
        request.OccurredAt?.ToUniversalTime());
}
