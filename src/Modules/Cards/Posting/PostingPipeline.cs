using System.Threading.Channels;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Cards.Posting;

/// <summary>
/// The one writer of the ledger: a bounded queue in front, a group of requests per commit behind. Callers are answered when their
/// group is durable. A full queue refuses at once; a failed commit tells its callers to send again and reads the ledger anew.
/// </summary>
internal sealed partial class PostingPipeline : BackgroundService
{
    // How long a process that stands by leaves the lock alone: the most that it adds to a take-over.
    private static readonly TimeSpan StandbyInterval = TimeSpan.FromMilliseconds(500);

    private readonly Database _database;
    private readonly OutboxWriter _outbox;
    private readonly BalanceCache _balances;
    private readonly AuditLog _audit;
    private readonly PostingOptions _options;
    private readonly CardsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PostingPipeline> _logger;
    private readonly LedgerOwner _owner;
    private readonly ILedgerStore _store;
    private readonly LedgerCore _core;
    private readonly BatchSizer _sizer;
    private readonly Channel<PostingWork> _queue = Channel.CreateUnbounded<PostingWork>();
    private readonly List<PostingWork> _group = [];
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostingWork? _carried;
    private long _waiting;
    private long _committedTransfers;
    private long _fullLoggedAt;
    private volatile bool _ready;
    private volatile bool _rowsBehind;

    public PostingPipeline(
        Database database,
        OutboxWriter outbox,
        BalanceCache balances,
        AuditLog audit,
        IOptions<PostingOptions> options,
        CardsMetrics metrics,
        TimeProvider time,
        ILogger<PostingPipeline> logger,
        LedgerOwner owner)
    {
        _database = database;
        _outbox = outbox;
        _balances = balances;
        _audit = audit;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _owner = owner;
        _store = database.Engine == DatabaseEngine.Postgres ? new PostgresLedgerStore() : new SqliteLedgerStore();
        _core = new LedgerCore(new LedgerCoreOptions(
            _options.AccountsInMemoryMax, _options.RecentIdsMax, _options.RecoveryEntriesMax, _options.AccountRowsPerCommitMax));
        _sizer = new BatchSizer(_options);
        metrics.QueueLimit(_options.QueueTransfersMax);
    }

    /// <summary>Whether transfers are taken now.</summary>
    public bool IsReady => _ready;

    /// <summary>Ends when the ledger is ready for the first time.</summary>
    public Task Ready => _firstReady.Task;

    /// <summary>Journal entries made durable by this process.</summary>
    public long CommittedTransfers => Volatile.Read(ref _committedTransfers);

    /// <summary>Whether account rows are behind the journal, as of the last commit.</summary>
    public bool HasRowsBehind => _rowsBehind;

    /// <summary>The durable state of an account that is in memory; null otherwise (then its row is complete).</summary>
    public CommittedState? FindCommitted(TenantId tenant, UInt128 accountId) =>
        _core.Accounts.Find(new LedgerId(tenant, accountId))?.ReadCommitted();

    /// <summary>
    /// Posts transfers between accounts of one tenant; the task ends when their statuses are final and what was written is durable.
    /// </summary>
    public Task<PostingResult> PostAsync(TenantId tenant, ReadOnlyMemory<TransferRequest> transfers) =>
        Enqueue(new PostingWork(tenant, transfers, [], _time.GetTimestamp()));

    /// <summary>Opens accounts, in the same order as everything else.</summary>
    public Task<PostingResult> OpenAsync(TenantId tenant, IReadOnlyList<AccountRequest> accounts, AuditEntry? audit = null) =>
        Enqueue(new PostingWork(tenant, default, accounts, _time.GetTimestamp()) { Audit = audit });

    /// <summary>Brings all account rows up to date, so that the next start has nothing to replay.</summary>
    public Task<PostingResult> StoreAllAsync() =>
        Enqueue(new PostingWork(TenantId.Default, default, [], _time.GetTimestamp()) { StoresAll = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        TimeSpan delay = TimeSpan.FromMilliseconds(100);
        bool standingBy = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                bool owned = await LedgerOwnership.RunAsync(_database, RunOwnedAsync, stoppingToken);
                if (!owned)
                {
                    if (!standingBy)
                    {
                        Log.StandingBy(_logger);
                    }

                    standingBy = true;
                    delay = StandbyInterval;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is ObjectDisposedException || stoppingToken.IsCancellationRequested)
            {
                // The store went away while stopping: what was acknowledged is durable, and the next start replays the rest.
                break;
            }
            catch (LedgerFencedException)
            {
                Log.StandingBy(_logger);
            }
            catch (Exception exception)
            {
                standingBy = false;
                Log.OpenFailed(_logger, delay, exception);
            }

            _ready = false;
            RefuseAll();
            try
            {
                await Task.Delay(delay, _time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            delay = standingBy ? StandbyInterval : TimeSpan.FromMilliseconds(Math.Min(5_000, delay.TotalMilliseconds * 2));
        }

        _ready = false;
        _queue.Writer.TryComplete();
        RefuseAll();
    }

    private Task<PostingResult> Enqueue(PostingWork work)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(work.Tenant.Value, TenantId.Default.Value);
        if (!_ready)
        {
            return Task.FromResult(PostingResult.Refused(PostingOutcome.Unavailable, TimeSpan.FromSeconds(1)));
        }

        long waiting = Interlocked.Add(ref _waiting, work.Weight);
        if (waiting > _options.QueueTransfersMax && waiting != work.Weight)
        {
            Interlocked.Add(ref _waiting, -work.Weight);
            _metrics.QueueRejected(work.Weight);
            LogFull();
            return Task.FromResult(PostingResult.Refused(PostingOutcome.QueueFull, RetryAfter()));
        }

        _metrics.QueueDepth(waiting);
        if (!_queue.Writer.TryWrite(work))
        {
            Interlocked.Add(ref _waiting, -work.Weight);
            work.Refuse(PostingOutcome.Unavailable, TimeSpan.FromSeconds(1));
        }

        return work.Task;
    }

    private async Task<bool> RunOwnedAsync(CancellationToken stoppingToken)
    {
        long started = _time.GetTimestamp();
        long replayed = await LedgerLoader.LoadAsync(_database, _core, stoppingToken);
        _balances.ForgetAll();
        _metrics.State(_core.Accounts.Count, _core.LastSequence, 0);
        Log.LedgerReady(_logger, _core.LastSequence, replayed, (long)_time.GetElapsedTime(started).TotalMilliseconds);
        _metrics.Restarted();
        _ready = true;
        _firstReady.TrySetResult();
        Task published = PublishAsync(stoppingToken);
        using CancellationTokenRegistration stop = stoppingToken.Register(() =>
        {
            // No new work from here on; what is queued is still posted, then the rows are brought up to date.
            _ready = false;
            _queue.Writer.TryComplete();
        });
        while (_carried is not null || await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Gather();
            await CommitGroupAsync();
        }

        await StoreAllRowsAsync();
        await published;
        Log.LedgerStopped(_logger, _core.LastSequence);
        return true;
    }

    private async Task PublishAsync(CancellationToken stoppingToken)
    {
        long epoch = _core.Epoch;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _owner.PublishAsync(epoch, stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Others answer 503 meanwhile; transfers sent here are posted.
                Log.OwnerNotPublished(_logger, exception);
            }

            await Task.Delay(StandbyInterval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Gather()
    {
        _group.Clear();
        int transfers = 0;
        TimeSpan wait = _sizer.Wait(_queue.Reader.Count);
        if (wait > TimeSpan.Zero)
        {
            long from = _time.GetTimestamp();
            SpinWait spin = default;
            while (_time.GetElapsedTime(from) < wait && _sizer.Wait(_queue.Reader.Count) > TimeSpan.Zero)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        while (_carried is not null || _queue.Reader.TryRead(out _carried))
        {
            PostingWork work = _carried;
            if (transfers > 0 && transfers + work.Weight > _sizer.Size)
            {
                break;
            }

            _carried = null;
            transfers += work.Weight;
            _group.Add(work);
        }

        long waiting = Interlocked.Add(ref _waiting, -transfers);
        _metrics.QueueDepth(waiting);
    }
}
