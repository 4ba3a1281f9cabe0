using System.Diagnostics.Metrics;
using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards;

/// <summary>The module's instruments; meter <c>Iskra.Cards</c>.</summary>
internal sealed class CardsMetrics : IDisposable
{
    public const string MeterName = "Iskra.Cards";

    private static readonly KeyValuePair<string, object?> ResultOk = new("result", "ok");
    private static readonly KeyValuePair<string, object?> ResultExists = new("result", "exists");
    private static readonly KeyValuePair<string, object?> ResultRejected = new("result", "rejected");

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _transfers;
    private readonly Histogram<double> _postingDuration;
    private readonly Counter<long> _queueRejected;
    private readonly Histogram<long> _commitSize;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _restarts;
    private readonly Counter<long> _evicted;
    private readonly Counter<long> _demoRefused;
    private long _queueDepth;
    private long _queueLimit;
    private long _accountsInMemory;
    private long _lastSequence;

    public CardsMetrics()
    {
        _transfers = _meter.CreateCounter<long>("iskra.cards.transfers", "{transfer}", "Transfers by result.");
        _postingDuration = _meter.CreateHistogram<double>("iskra.cards.posting.duration", "s", "From the queue to durable.");
        _queueRejected = _meter.CreateCounter<long>(
            "iskra.cards.posting.rejected", "{transfer}", "Transfers refused because the queue was full.");
        _commitSize = _meter.CreateHistogram<long>("iskra.cards.commit.size", "{transfer}", "Transfers that shared one commit.");
        _commitDuration = _meter.CreateHistogram<double>("iskra.cards.commit.duration", "s", "One commit, fsync included.");
        _restarts = _meter.CreateCounter<long>("iskra.cards.ledger.restarts", "{restart}", "Times the ledger was read from the store.");
        _evicted = _meter.CreateCounter<long>("iskra.cards.accounts.evicted", "{account}", "Accounts dropped from memory at the limit.");
        _demoRefused = _meter.CreateCounter<long>(
            "iskra.cards.demo.refused", "{request}", "Simulated traffic refused because that of as many tenants as allowed ran.");
        _meter.CreateObservableGauge(
            "iskra.cards.posting.queue.depth", () => Volatile.Read(ref _queueDepth), "{transfer}", "Transfers waiting.");
        _meter.CreateObservableGauge(
            "iskra.cards.posting.queue.limit", () => Volatile.Read(ref _queueLimit), "{transfer}", "Transfers that may wait.");
        _meter.CreateObservableGauge(
            "iskra.cards.accounts.in_memory", () => Volatile.Read(ref _accountsInMemory), "{account}", "Accounts in memory.");
        _meter.CreateObservableGauge(
            "iskra.cards.journal.sequence", () => Volatile.Read(ref _lastSequence), "{entry}", "The newest durable journal entry.");
    }

    public void QueueDepth(long depth) => Volatile.Write(ref _queueDepth, depth);

    public void QueueLimit(long limit) => Volatile.Write(ref _queueLimit, limit);

    public void QueueRejected(int transfers) => _queueRejected.Add(transfers);

    public void DemoRefused() => _demoRefused.Add(1);

    public void Restarted() => _restarts.Add(1);

    public void State(int accountsInMemory, long lastSequence, int evicted)
    {
        Volatile.Write(ref _accountsInMemory, accountsInMemory);
        Volatile.Write(ref _lastSequence, lastSequence);
        if (evicted > 0)
        {
            _evicted.Add(evicted);
        }
    }

    public void Committed(int transfers, TimeSpan duration)
    {
        _commitSize.Record(transfers);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void Posted(ReadOnlySpan<TransferStatus> statuses, TimeSpan duration)
    {
        if (statuses.IsEmpty)
        {
            return;
        }

        int ok = statuses.Count(TransferStatus.Ok);
        int exists = statuses.Count(TransferStatus.Exists);
        Add(ok, ResultOk);
        Add(exists, ResultExists);
        Add(statuses.Length - ok - exists, ResultRejected);
        _postingDuration.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private void Add(int count, in KeyValuePair<string, object?> result)
    {
        if (count > 0)
        {
            _transfers.Add(count, result);
        }
    }
}
