using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Audit;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Posting;

/// <summary>One caller's request in the queue; its task ends when the outcome is durable.</summary>
internal sealed class PostingWork : TaskCompletionSource<PostingResult>
{
    public PostingWork(
        TenantId tenant, ReadOnlyMemory<TransferRequest> transfers, IReadOnlyList<AccountRequest> accounts, long enqueuedAt)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Tenant = tenant;
        Transfers = transfers;
        Accounts = accounts;
        EnqueuedAt = enqueuedAt;
        Statuses = new TransferStatus[transfers.Length];
        Sequences = new long[transfers.Length];
        AccountStatuses = accounts.Count == 0 ? [] : new AccountStatus[accounts.Count];
    }

    /// <summary>Whose ids the request names.</summary>
    public TenantId Tenant { get; }

    public ReadOnlyMemory<TransferRequest> Transfers { get; }

    public IReadOnlyList<AccountRequest> Accounts { get; }

    /// <summary>Brings all account rows up to date.</summary>
    public bool StoresAll { get; init; }

    /// <summary>Written with the accounts when one of them is new.</summary>
    public AuditEntry? Audit { get; init; }

    /// <summary>A <see cref="TimeProvider"/> timestamp.</summary>
    public long EnqueuedAt { get; }

    public TransferStatus[] Statuses { get; }

    public long[] Sequences { get; }

    public AccountStatus[] AccountStatuses { get; }

    /// <summary>What it counts for in the queue.</summary>
    public int Weight => Math.Max(1, Transfers.Length + Accounts.Count);

    public void Complete(long postedAt) =>
        TrySetResult(new PostingResult(PostingOutcome.Done, Statuses, Sequences, AccountStatuses, postedAt, TimeSpan.Zero));

    public void Refuse(PostingOutcome outcome, TimeSpan retryAfter) => TrySetResult(PostingResult.Refused(outcome, retryAfter));
}
