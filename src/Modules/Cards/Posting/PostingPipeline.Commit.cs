using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Posting;

/// <content>One group, one commit.</content>
internal sealed partial class PostingPipeline
{
    private async Task CommitGroupAsync()
    {
        long started = _time.GetTimestamp();
        try
        {
            _core.Begin(_time.NowMicroseconds());
            await AnswerAsync();
            bool storesAll = ApplyGroup();
            LedgerCommit commit = _core.End(storesAll);
            if (!commit.IsEmpty)
            {
                await WriteAsync(commit);
                _balances.Forget(_core.Touched, commit.NewAccounts);
            }

            int evicted = _core.Committed();
            _rowsBehind = _core.DirtyCount > 0;
            _metrics.State(_core.Accounts.Count, _core.LastSequence, evicted);
            Interlocked.Add(ref _committedTransfers, commit.Count);
            TimeSpan duration = _time.GetElapsedTime(started);
            _sizer.Observe(_group.Count, commit.Count, duration);
            if (commit.Count > 0)
            {
                _metrics.Committed(commit.Count, duration);
            }
        }
        catch (Exception exception)
        {
            _ready = false;
            Log.CommitFailed(_logger, exception);
            foreach (PostingWork work in _group)
            {
                work.Refuse(PostingOutcome.Unavailable, TimeSpan.FromSeconds(1));
            }

            throw;
        }

        foreach (PostingWork work in _group)
        {
            _metrics.Posted(work.Statuses, _time.GetElapsedTime(work.EnqueuedAt));
            work.Complete(_core.LastPostedAt);
        }
    }

    private async Task AnswerAsync()
    {
        foreach (PostingWork work in _group)
        {
            _core.Ask(work.Tenant, work.Transfers.Span);
            foreach (AccountRequest account in work.Accounts)
            {
                _core.AskAccount(work.Tenant, account.Id);
            }
        }

        if (_core.Known.HasQuestions)
        {
            await _database.ReadAsync(async session =>
            {
                await _store.AnswerAsync(session, _core);
                return true;
            });
        }
    }

    private bool ApplyGroup()
    {
        bool storesAll = false;
        foreach (PostingWork work in _group)
        {
            for (int index = 0; index < work.Accounts.Count; index++)
            {
                work.AccountStatuses[index] = _core.Open(work.Tenant, work.Accounts[index]);
            }

            _core.Apply(work.Tenant, work.Transfers.Span, work.Statuses, work.Sequences);
            storesAll |= work.StoresAll;
        }

        return storesAll;
    }

    private async Task WriteAsync(LedgerCommit commit)
    {
        await _database.WriteAsync(async session =>
        {
            await _store.AppendAsync(session, commit);
            if (commit.Count > 0)
            {
                await _outbox.AppendAsync(session, CommittedEvent.Of(commit));
            }

            foreach (PostingWork work in _group)
            {
                // A group without new accounts, which is nearly every one, finds nothing here.
                if (work.Audit is { } entry && work.AccountStatuses.Contains(AccountStatus.Ok))
                {
                    await _audit.AppendAsync(session, entry);
                }
            }
        });
    }

    private async Task StoreAllRowsAsync()
    {
        while (_core.DirtyCount > 0)
        {
            _core.Begin(_time.NowMicroseconds());
            LedgerCommit commit = _core.End(storeAll: true);
            await WriteAsync(commit);
            _core.Committed();
        }
    }

    /// <summary>Refuses what waits, so that no caller hangs while the ledger is away.</summary>
    private void RefuseAll()
    {
        if (_carried is { } carried)
        {
            _carried = null;
            RefuseOne(carried);
        }

        while (_queue.Reader.TryRead(out PostingWork? work))
        {
            RefuseOne(work);
        }
    }

    private void RefuseOne(PostingWork work)
    {
        _metrics.QueueDepth(Interlocked.Add(ref _waiting, -work.Weight));
        work.Refuse(PostingOutcome.Unavailable, TimeSpan.FromSeconds(1));
    }

    /// <summary>When the queue is likely to have room: what waits, at the rate of the last commits.</summary>
    private TimeSpan RetryAfter() => TimeSpan.FromSeconds(
        Math.Clamp(Math.Ceiling(Volatile.Read(ref _waiting) / Math.Max(1, _sizer.TransfersPerSecond)), 1, 30));

    private void LogFull()
    {
        long now = _time.GetTimestamp();
        long last = Volatile.Read(ref _fullLoggedAt);
        if ((last == 0 || _time.GetElapsedTime(last, now) > TimeSpan.FromSeconds(10))
            && Interlocked.CompareExchange(ref _fullLoggedAt, now, last) == last)
        {
            Log.QueueFull(_logger, _options.QueueTransfersMax);
        }
    }
}
