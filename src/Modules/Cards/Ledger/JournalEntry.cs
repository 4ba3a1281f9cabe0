using Iskra.Modules.Cards.Contracts;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// One immutable line of the journal. It holds all that is needed to replay it: the balances are a fold over these lines alone.
/// </summary>
internal struct JournalEntry
{
    /// <summary>From 1, without gaps.</summary>
    public long Sequence;

    /// <summary>Whose line it is; that of both accounts as well.</summary>
    public TenantId Tenant;

    public UInt128 Id;

    public TransferKind Kind;

    public LedgerAccount Debit;

    public LedgerAccount Credit;

    /// <summary>Posted or reserved by this line; 0 for a void or an expiry.</summary>
    public long AmountMinor;

    /// <summary>Taken out of the reservation by this line.</summary>
    public long ReleasedMinor;

    /// <summary>The reservation that this line settles, 0 for none.</summary>
    public long PendingSequence;

    public UInt128 PendingId;

    public int TimeoutSeconds;

    public int Code;

    public string? Reference;

    public long? OccurredAt;

    public long PostedAt;

    /// <summary>
    /// The entry before this one on the debit account: statements walk these links, so the journal needs no index per account.
    /// </summary>
    public long DebitPrevious;

    public long CreditPrevious;

    /// <summary>The debit account's <see cref="Balances.NetDebit"/> after this line.</summary>
    public long DebitNetAfter;

    public long CreditNetAfter;
}
