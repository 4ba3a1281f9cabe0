using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>What a retry is compared with: the content of a transfer that was written before.</summary>
internal sealed record StoredTransfer
{
    public required long Sequence { get; init; }

    public required TransferKind Kind { get; init; }

    public required UInt128 DebitAccountId { get; init; }

    public required UInt128 CreditAccountId { get; init; }

    public required long AmountMinor { get; init; }

    public required long ReleasedMinor { get; init; }

    public required string Currency { get; init; }

    public required UInt128 PendingId { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required int Code { get; init; }

    public required string? Reference { get; init; }

    public required long? OccurredAt { get; init; }

    public static StoredTransfer From(in JournalEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Kind = entry.Kind,
        DebitAccountId = entry.Debit.Id,
        CreditAccountId = entry.Credit.Id,
        AmountMinor = entry.AmountMinor,
        ReleasedMinor = entry.ReleasedMinor,
        Currency = entry.Debit.Currency,
        PendingId = entry.PendingId,
        TimeoutSeconds = entry.TimeoutSeconds,
        Code = entry.Code,
        Reference = entry.Reference,
        OccurredAt = entry.OccurredAt,
    };

    /// <summary>Compares a retry with what was written, field by field in the order of <see cref="TransferStatus"/>.</summary>
    public TransferStatus Compare(in TransferRequest request)
    {
        bool settles = Kind is TransferKind.PostPending or TransferKind.VoidPending;
        return request switch
        {
            _ when request.Kind != Kind => TransferStatus.ExistsWithDifferentKind,
            _ when request.PendingId != PendingId => TransferStatus.ExistsWithDifferentPendingId,
            _ when request.TimeoutSeconds != TimeoutSeconds => TransferStatus.ExistsWithDifferentTimeout,
            _ when !Same(request.DebitAccountId, DebitAccountId, settles) => TransferStatus.ExistsWithDifferentDebitAccount,
            _ when !Same(request.CreditAccountId, CreditAccountId, settles) => TransferStatus.ExistsWithDifferentCreditAccount,
            _ when !SameAmount(request.AmountMinor) => TransferStatus.ExistsWithDifferentAmount,
            _ when !SameCurrency(request.Currency, settles) => TransferStatus.ExistsWithDifferentCurrency,
            _ when request.Code != Code => TransferStatus.ExistsWithDifferentCode,
            _ when !string.Equals(request.Reference, Reference, StringComparison.Ordinal) => TransferStatus.ExistsWithDifferentReference,
            _ when request.OccurredAt != OccurredAt => TransferStatus.ExistsWithDifferentOccurredAt,
            _ => TransferStatus.Exists,
        };
    }

    private static bool Same(UInt128 asked, UInt128 stored, bool mayBeLeftOut) => asked == stored || (mayBeLeftOut && asked == 0);

    private bool SameCurrency(string? asked, bool mayBeLeftOut) =>
        string.Equals(asked, Currency, StringComparison.Ordinal) || (mayBeLeftOut && asked is null);

    private bool SameAmount(long asked) => Kind switch
    {
        // Left out when posting means "all of it"; a void always means all of it.
        TransferKind.PostPending => asked == AmountMinor || (asked == 0 && AmountMinor == ReleasedMinor),
        TransferKind.VoidPending => asked == 0 || asked == ReleasedMinor,
        _ => asked == AmountMinor,
    };
}
