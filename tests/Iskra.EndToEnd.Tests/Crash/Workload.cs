namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>Makes operations for one client; what it makes depends on the seed alone.</summary>
internal sealed class Workload(int seed, IReadOnlyList<Guid> accounts, Guid emptyAccount)
{
    private const int BatchMax = 120;
    private const int AmountMax = 10_000;

    private readonly Random _random = new(seed);
    private readonly List<SentTransfer> _open = [];

    public Operation Next() => _random.Next(100) switch
    {
        < 40 => new Operation([Transfer()], isBatch: false),
        < 60 => new Operation([.. Enumerable.Range(0, _random.Next(2, BatchMax)).Select(_ => Transfer())], isBatch: true),
        < 75 => new Operation([Transfer() with { Kind = "pending" }], isBatch: false),
        < 88 => Settle(),
        < 95 => Chain(isRefused: false),
        _ => Chain(isRefused: true),
    };

    /// <summary>Only a reservation that is known to be there may be settled, so that a settlement is never refused.</summary>
    public void Acknowledged(Operation operation) => _open.AddRange(operation.Transfers.Where(transfer => transfer.Kind == "pending"));

    private Operation Settle()
    {
        if (_open.Count == 0)
        {
            return new Operation([Transfer()], isBatch: false);
        }

        int index = _random.Next(_open.Count);
        SentTransfer pending = _open[index];
        _open.RemoveAt(index);
        bool isVoid = _random.Next(2) == 0;
        SentTransfer settlement = pending with
        {
            Id = Guid.CreateVersion7(),
            Kind = isVoid ? "voidPending" : "postPending",
            PendingId = pending.Id,
            AmountMinor = isVoid ? pending.AmountMinor : _random.Next(1, (int)pending.AmountMinor + 1),
        };
        return new Operation([settlement], isBatch: _random.Next(2) == 0);
    }

    /// <summary>A chain whose last transfer draws on an account without funds is refused, and all of it with it.</summary>
    private Operation Chain(bool isRefused)
    {
        int length = _random.Next(2, 6);
        List<SentTransfer> chain = [.. Enumerable.Range(0, length).Select(index => Transfer() with { Linked = index < length - 1 })];
        if (isRefused)
        {
            chain[^1] = chain[^1] with { DebitAccountId = emptyAccount };
        }

        return new Operation(chain, isBatch: true, isRefused);
    }

    private SentTransfer Transfer()
    {
        int debit = _random.Next(accounts.Count);
        int credit = (debit + _random.Next(1, accounts.Count)) % accounts.Count;
        return new SentTransfer
        {
            Id = Guid.CreateVersion7(),
            DebitAccountId = accounts[debit],
            CreditAccountId = accounts[credit],
            AmountMinor = _random.Next(1, AmountMax),
        };
    }
}
