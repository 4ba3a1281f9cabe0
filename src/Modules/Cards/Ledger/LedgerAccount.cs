using Iskra.Modules.Cards.Contracts;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// One account in memory. The posting writer alone changes <see cref="Current"/>; other threads read <see cref="ReadCommitted"/>, which
/// moves only after the commit that it belongs to is durable.
/// </summary>
internal sealed class LedgerAccount
{
    private int _version;
    private Balances _committed;
    private long _committedLast;
    private long _committedAsOf;

    /// <summary>The dense number that the journal refers to, from 1.</summary>
    public required long Key { get; init; }

    public required TenantId Tenant { get; init; }

    public required UInt128 Id { get; init; }

    public required AccountKind Kind { get; init; }

    public required string Currency { get; init; }

    public required AccountFlags Flags { get; init; }

    public required long OverdraftLimitMinor { get; init; }

    public LedgerId LedgerId => new(Tenant, Id);

    /// <summary>The balances with everything applied so far, durable or not. Writer only.</summary>
    public Balances Current;

    /// <summary>The sequence of the newest entry on this account, 0 for none. Writer only.</summary>
    public long LastSequence;

    /// <summary>The first sequence whose effect the stored row lacks, 0 when the row is up to date. Writer only.</summary>
    public long DirtySince;

    /// <summary>The batch that touched the account last: publishes each account once per batch. Writer only.</summary>
    public long TouchedByBatch;

    public bool Has(AccountFlags flag) => (Flags & flag) != 0;

    /// <summary>Makes the current state the one that readers see. Called by the writer after the commit.</summary>
    public void Publish(long asOfSequence)
    {
        Interlocked.Increment(ref _version);
        _committed = Current;
        _committedLast = LastSequence;
        _committedAsOf = asOfSequence;
        Interlocked.Increment(ref _version);
    }

    /// <summary>A consistent copy of the durable state; any thread.</summary>
    public CommittedState ReadCommitted()
    {
        SpinWait spin = default;
        while (true)
        {
            int before = Volatile.Read(ref _version);
            CommittedState copy = new(_committed, _committedLast, _committedAsOf);
            Interlocked.MemoryBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(ref _version))
            {
                return copy;
            }

            spin.SpinOnce();
        }
    }
}
