using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Bench;

/// <summary>
/// Transfers between random accounts under UUIDv7 ids that are random within their millisecond, as those of many clients are.
/// For one thread; <see cref="Fork"/> gives another thread its own.
/// </summary>
internal sealed class Workload
{
    private readonly UInt128[] _accounts;
    private readonly ZipfTable? _zipf;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Random _random;
    private readonly int _seed;

    public Workload(UInt128[] accounts, ZipfTable? zipf, int seed)
    {
        _accounts = accounts;
        _zipf = zipf;
        _seed = seed;
#pragma warning disable CA5394 // Repeatable numbers are what a benchmark wants.
        _random = new Random(seed);
#pragma warning restore CA5394
    }

    public Workload Fork(int number) => new(_accounts, _zipf, _seed + (number * 7919) + 1);

    /// <summary>Ids of the accounts that a run uses: the same for the same count, so that two processes agree.</summary>
    public static UInt128[] AccountIds(int count)
    {
        UInt128[] ids = new UInt128[count];
        for (int index = 0; index < count; index++)
        {
            ids[index] = ((UInt128)0x0190_0000_0000_7000UL << 64) | (0x8000_0000_0000_0000UL + (ulong)index);
        }

        return ids;
    }

    public TransferRequest[] Next(int count)
    {
        TransferRequest[] requests = new TransferRequest[count];
        ulong milliseconds = (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int index = 0; index < count; index++)
        {
            requests[index] = One(milliseconds);
        }

        return requests;
    }

#pragma warning disable CA5394 // As above.
    private TransferRequest One(ulong milliseconds)
    {
        int debit = Pick();
        int credit = Pick();
        if (credit == debit)
        {
            credit = (debit + 1) % _accounts.Length;
        }

        ulong high = (milliseconds << 16) | 0x7000 | (uint)_random.Next(0x1000);
        ulong low = 0x8000_0000_0000_0000 | ((ulong)_random.NextInt64() & 0x3FFF_FFFF_FFFF_FFFF);
        return new TransferRequest
        {
            Id = new UInt128(high, low),
            Kind = TransferKind.Post,
            DebitAccountId = _accounts[debit],
            CreditAccountId = _accounts[credit],
            AmountMinor = 1 + _random.Next(10_000),
            Currency = "RUB",
            Code = 5411,
        };
    }

    private int Pick() => _zipf is null ? _random.Next(_accounts.Length) : _zipf.Pick(_random);
#pragma warning restore CA5394
}
