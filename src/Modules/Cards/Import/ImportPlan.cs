using System.Runtime.InteropServices;
using Iskra.Modules.Cards.CardRegistry;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// What a row becomes: two accounts, a payment, and funding for a customer whose money would be short. A pure function of the rows before
/// it in the file and of the settings, so that a second run asks for the same transfers under the same ids.
/// </summary>
internal sealed class ImportPlan
{
    /// <summary>The <c>code</c> of a payment from a file.</summary>
    public const int PaymentCode = 1;

    /// <summary>The <c>code</c> of a customer's funding.</summary>
    public const int FundingCode = 2;

    private readonly ImportSettings _settings;
    private readonly ImportIds _ids;
    private readonly Dictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UInt128> _merchants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Customer>.AlternateLookup<ReadOnlySpan<char>> _customersByText;
    private readonly Dictionary<string, UInt128>.AlternateLookup<ReadOnlySpan<char>> _merchantsByText;
    private readonly UInt128 _settlementId;
    private bool _settlementOpened;

    public ImportPlan(ImportSettings settings)
    {
        _settings = settings;
        _ids = new ImportIds(settings.Name, settings.Currency);
        _customersByText = _customers.GetAlternateLookup<ReadOnlySpan<char>>();
        _merchantsByText = _merchants.GetAlternateLookup<ReadOnlySpan<char>>();
        _settlementId = _ids.Account("settlement", "");
    }

    private struct Customer
    {
        public UInt128 Id;

        public long AvailableMinor;
    }

    /// <summary>Adds the row's accounts and transfers to the batch, or only follows it where an earlier run has posted it.</summary>
    public void Add(in ImportRow row, long line, ImportBatch batch, bool isDone)
    {
        if (_customers.Count + _merchants.Count >= _settings.AccountsMax)
        {
            _customers.Clear();
            _merchants.Clear();
        }

        OpenSettlement(batch, isDone);
        UInt128 merchantId = MerchantOf(row.Merchant, batch, isDone);
        ref Customer customer = ref CustomerOf(row.Customer, batch, isDone);
        if (customer.AvailableMinor < row.AmountMinor)
        {
            long funding = RoundUp(row.AmountMinor);
            customer.AvailableMinor += funding;
            if (!isDone)
            {
                batch.Add(Funding(_ids.Transfer("funding", row.Id, row.OccurredAt), customer.Id, funding, row.OccurredAt), 0);
            }
        }

        customer.AvailableMinor -= row.AmountMinor;
        if (isDone)
        {
            return;
        }

        batch.Add(
            new TransferRequest
            {
                Id = _ids.Transfer("payment", row.Id, row.OccurredAt),
                Kind = TransferKind.Post,
                DebitAccountId = customer.Id,
                CreditAccountId = merchantId,
                AmountMinor = row.AmountMinor,
                Currency = _settings.Currency,
                Code = PaymentCode,
                Reference = CardNumber.MaskIfLikely(row.Id.ToString()),
                OccurredAt = row.OccurredAt,
            },
            line);
    }

    /// <summary>
    /// For a payment that was refused because the money was short after all, which happens when files overlap: the funding and the payment
    /// as a chain, so that a run that finds the payment posted never funds again.
    /// </summary>
    public TransferRequest[] TopUp(in TransferRequest payment) =>
    [
        Funding(
            _ids.Transfer("top-up", payment.Id.ToString("x32", null), payment.OccurredAt!.Value),
            payment.DebitAccountId,
            RoundUp(payment.AmountMinor),
            payment.OccurredAt.Value) with { Linked = true },
        payment,
    ];

    private TransferRequest Funding(UInt128 id, UInt128 customerId, long amountMinor, long occurredAt) => new()
    {
        Id = id,
        Kind = TransferKind.Post,
        DebitAccountId = _settlementId,
        CreditAccountId = customerId,
        AmountMinor = amountMinor,
        Currency = _settings.Currency,
        Code = FundingCode,
        OccurredAt = occurredAt,
    };

    // Depends on the row alone: two files that share the row ask for the same amount.
    private long RoundUp(long amountMinor)
    {
        long step = _settings.FundingStepMinor;
        long rounded = ((amountMinor - 1) / step * step) + step;
        return Math.Min(rounded, LedgerLimits.AmountMinorMax);
    }

    private void OpenSettlement(ImportBatch batch, bool isDone)
    {
        if (_settlementOpened)
        {
            return;
        }

        _settlementOpened = true;
        Open(batch, isDone, _settlementId, Name("Settlement", $"for imports ({_settings.Currency})"), AccountKind.Asset, AccountFlags.None);
    }

    private ref Customer CustomerOf(ReadOnlySpan<char> key, ImportBatch batch, bool isDone)
    {
        ref Customer customer = ref CollectionsMarshal.GetValueRefOrAddDefault(_customersByText, key, out bool known);
        if (!known)
        {
            customer.Id = _ids.Account("customer", key);
            Open(batch, isDone, customer.Id, Name("Customer", CardNumber.MaskIfLikely(key.ToString())), AccountKind.Liability,
                AccountFlags.DebitsMayNotExceedCredits);
        }

        return ref customer;
    }

    private UInt128 MerchantOf(ReadOnlySpan<char> key, ImportBatch batch, bool isDone)
    {
        ref UInt128 id = ref CollectionsMarshal.GetValueRefOrAddDefault(_merchantsByText, key, out bool known);
        if (!known)
        {
            id = _ids.Account("merchant", key);
            Open(batch, isDone, id, Name("Merchant", CardNumber.MaskIfLikely(key.ToString())), AccountKind.Liability, AccountFlags.None);
        }

        return id;
    }

    private string Name(string what, string key) =>
        _settings.NamePrefix.Length == 0 ? $"{what} {key}" : $"{_settings.NamePrefix} {what.ToLowerInvariant()} {key}";

    private void Open(ImportBatch batch, bool isDone, UInt128 id, string name, AccountKind kind, AccountFlags flags)
    {
        if (!isDone)
        {
            batch.Accounts.Add(new AccountRequest(id, name, kind, _settings.Currency, flags, 0));
        }
    }
}
