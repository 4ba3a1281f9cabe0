using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Import;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>
/// Card payments that were made up and say so by their accounts' names. Customers pay near their home, mostly at their own hours, amounts
/// are spread log-normally; some payments are reserved first and posted or voided later, a few are refunded. The seed decides everything
/// but the ids and the hour.
/// </summary>
internal sealed class SimulatedTraffic : ITrafficSource
{
    private const string Currency = "RUB";
    private const string Name = "simulation";
    private const long FundingMinor = 5_000_000;
    private const long AmountMinorMin = 100;
    private const long AmountMinorMax = 2_500_000;
    private const double PendingShare = 0.12;
    private const double VoidShare = 0.15;
    private const double RefundShare = 0.02;
    private const double PartialShare = 0.2;
    private const int NearbyMax = 12;
    private const int PendingTimeoutSeconds = 3600;
    private const int PendingLifeMax = 400;
    private const int PaymentsRemembered = 256;

    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly SimulatedCustomer[] _customers;
    private readonly UInt128[] _merchants;
    private readonly UInt128 _settlement;
    private readonly PriorityQueue<Held, long> _held = new();
    private readonly Queue<(SimulatedCustomer Customer, int Merchant, long AmountMinor)> _paid = new();
    private long _made;
    private bool _opened;

    public SimulatedTraffic(DemoOptions options, TimeProvider time)
    {
        _time = time;
#pragma warning disable CA5394 // Made-up payments need no secret randomness but the same one for the same seed.
        _random = new Random(options.Seed);
        ImportIds ids = new(Name, Currency);
        _settlement = ids.Account("settlement", "");
        _merchants = [.. Enumerable.Range(1, options.Merchants).Select(number => ids.Account("merchant", $"{number}"))];
        (double X, double Y)[] places = [.. _merchants.Select(_ => (_random.NextDouble(), _random.NextDouble()))];
        _customers = [.. Enumerable.Range(1, options.Customers).Select(number => Create(ids.Account("customer", $"{number}"), places))];
    }

    private readonly record struct Held(UInt128 Id, SimulatedCustomer Customer, int Merchant, long AmountMinor);

    public void Next(int count, List<AccountRequest> accounts, List<TransferRequest> transfers)
    {
        if (!_opened)
        {
            _opened = true;
            Open(accounts);
        }

        double hour = _time.GetUtcNow().TimeOfDay.TotalHours;
        for (int made = 0; made < count; made++)
        {
            _made++;
            double kind = _random.NextDouble();
            if (_held.TryPeek(out Held held, out long due) && due <= _made)
            {
                _held.Dequeue();
                Settle(held, transfers);
            }
            else if (kind < RefundShare && _paid.TryDequeue(out (SimulatedCustomer Customer, int Merchant, long AmountMinor) paid))
            {
                paid.Customer.AvailableMinor += paid.AmountMinor;
                transfers.Add(
                    Transfer(_merchants[paid.Merchant], paid.Customer.Id, paid.AmountMinor) with { Reference = "simulated refund" });
            }
            else
            {
                Pay(Pick(hour), isPending: kind > 1 - PendingShare, transfers);
            }
        }
    }

    public void Dispose()
    {
    }

    private void Pay(SimulatedCustomer customer, bool isPending, List<TransferRequest> transfers)
    {
        double logarithm = customer.LogMean + (customer.LogDeviation * Normal());
        long amount = Math.Clamp((long)Math.Exp(logarithm), AmountMinorMin, AmountMinorMax);
        if (customer.AvailableMinor < amount)
        {
            customer.AvailableMinor += FundingMinor;
            transfers.Add(Transfer(_settlement, customer.Id, FundingMinor) with { Code = ImportPlan.FundingCode });
        }

        // The square makes the nearest merchants the usual ones.
        int merchant = customer.Nearby[(int)(Math.Pow(_random.NextDouble(), 2) * customer.Nearby.Length)];
        TransferRequest payment = Transfer(customer.Id, _merchants[merchant], amount) with { Code = ImportPlan.PaymentCode };
        customer.AvailableMinor -= amount;
        if (isPending)
        {
            payment = payment with { Kind = TransferKind.Pending, TimeoutSeconds = PendingTimeoutSeconds };
            _held.Enqueue(new Held(payment.Id, customer, merchant, amount), _made + _random.Next(PendingLifeMax));
        }
        else
        {
            _paid.Enqueue((customer, merchant, amount));
            if (_paid.Count > PaymentsRemembered)
            {
                _paid.Dequeue();
            }
        }

        transfers.Add(payment);
    }

    private void Settle(Held held, List<TransferRequest> transfers)
    {
        bool isVoid = _random.NextDouble() < VoidShare;
        bool isPartial = !isVoid && held.AmountMinor > 1 && _random.NextDouble() < PartialShare;
        long posted = isVoid ? 0 : isPartial ? _random.NextInt64(1, held.AmountMinor) : held.AmountMinor;
        held.Customer.AvailableMinor += held.AmountMinor - posted;
        transfers.Add(new TransferRequest
        {
            Id = NewId(),
            Kind = isVoid ? TransferKind.VoidPending : TransferKind.PostPending,
            PendingId = held.Id,
            AmountMinor = posted,
            Currency = Currency,
        });
    }

    private SimulatedCustomer Pick(double hour)
    {
        while (true)
        {
            SimulatedCustomer customer = _customers[_random.Next(_customers.Length)];
            double distance = Math.Abs(hour - customer.PeakHour);
            double activity = Math.Cos(Math.Min(distance, 24 - distance) / 12 * Math.PI);
            if (_random.NextDouble() < 0.55 + (0.45 * activity))
            {
                return customer;
            }
        }
    }

    private SimulatedCustomer Create(UInt128 id, (double X, double Y)[] places)
    {
        double x = _random.NextDouble();
        double y = _random.NextDouble();
        int[] nearby = [.. Enumerable.Range(0, places.Length)
            .OrderBy(index => Math.Pow(places[index].X - x, 2) + Math.Pow(places[index].Y - y, 2))
            .Take(NearbyMax)];
        return new SimulatedCustomer
        {
            Id = id,
            Nearby = nearby,
            LogMean = Math.Log(20_000) + (0.7 * Normal()),
            LogDeviation = 0.5 + (0.5 * _random.NextDouble()),
            PeakHour = (14 + (4 * Normal()) + 24) % 24,
        };
    }

    private void Open(List<AccountRequest> accounts)
    {
        accounts.Add(new AccountRequest(_settlement, "Simulated settlement", AccountKind.Asset, Currency, AccountFlags.None, 0));
        for (int index = 0; index < _merchants.Length; index++)
        {
            accounts.Add(new AccountRequest(
                _merchants[index], $"Simulated merchant {index + 1}", AccountKind.Liability, Currency, AccountFlags.None, 0));
        }

        for (int index = 0; index < _customers.Length; index++)
        {
            accounts.Add(new AccountRequest(
                _customers[index].Id,
                $"Simulated customer {index + 1}",
                AccountKind.Liability,
                Currency,
                AccountFlags.DebitsMayNotExceedCredits,
                0));
        }
    }

    private TransferRequest Transfer(UInt128 debit, UInt128 credit, long amountMinor) => new()
    {
        Id = NewId(),
        Kind = TransferKind.Post,
        DebitAccountId = debit,
        CreditAccountId = credit,
        AmountMinor = amountMinor,
        Currency = Currency,
    };

    private UInt128 NewId() => Uuid.ToUInt128(Guid.CreateVersion7(_time.GetUtcNow()));

    /// <summary>Box and Muller's transform.</summary>
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
#pragma warning restore CA5394
}
