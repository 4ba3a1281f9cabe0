using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Storage;

/// <summary>A row of <c>cards_accounts</c>.</summary>
internal sealed class AccountRow
{
    public const string Columns = """
        key, id, name, kind, currency, flags, overdraft_limit_minor, created_at,
        debits_pending, debits_posted, credits_pending, credits_posted, last_sequence, as_of_sequence, tenant_id
        """;

    public long Key { get; init; }

    public int TenantId { get; init; }

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public AccountKind Kind { get; init; }

    public string Currency { get; init; } = "";

    public AccountFlags Flags { get; init; }

    public long OverdraftLimitMinor { get; init; }

    public long CreatedAt { get; init; }

    public long DebitsPending { get; init; }

    public long DebitsPosted { get; init; }

    public long CreditsPending { get; init; }

    public long CreditsPosted { get; init; }

    public long LastSequence { get; init; }

    public long AsOfSequence { get; init; }

    public LedgerAccount ToAccount() => new()
    {
        Key = Key,
        Tenant = new TenantId(TenantId),
        Id = Uuid.ToUInt128(Id),
        Kind = Kind,
        Currency = string.Intern(Currency),
        Flags = Flags,
        OverdraftLimitMinor = OverdraftLimitMinor,
        Current = ToBalances(),
        LastSequence = LastSequence,
    };

    public Balances ToBalances() => new(DebitsPending, DebitsPosted, CreditsPending, CreditsPosted);
}
