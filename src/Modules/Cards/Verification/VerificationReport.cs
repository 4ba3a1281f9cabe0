namespace Iskra.Modules.Cards.Verification;

/// <summary>What was checked, and every difference found.</summary>
internal sealed class VerificationReport
{
    /// <summary>Differences that are kept in words; more are only counted.</summary>
    public const int DifferencesShownMax = 20;

    private readonly List<string> _differences = [];

    public long Entries { get; set; }

    public long Blocks { get; set; }

    public long Accounts { get; set; }

    public long Pendings { get; set; }

    public long OpenPendings { get; set; }

    /// <summary>
    /// Per tenant's number and currency, after the newest entry: posted debits and credits, pending debits and credits. Minor units.
    /// </summary>
    public SortedDictionary<int, SortedDictionary<string, CurrencyTotals>> Tenants { get; } = [];

    /// <summary>The tenants' short names.</summary>
    public Dictionary<int, string> Slugs { get; } = [];

    public TimeSpan Elapsed { get; set; }

    public long DifferenceCount { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    public bool IsGood => DifferenceCount == 0;

    public CurrencyTotals TotalsOf(int tenant, string currency)
    {
        if (!Tenants.TryGetValue(tenant, out SortedDictionary<string, CurrencyTotals>? currencies))
        {
            Tenants.Add(tenant, currencies = new SortedDictionary<string, CurrencyTotals>(StringComparer.Ordinal));
        }

        if (!currencies.TryGetValue(currency, out CurrencyTotals? totals))
        {
            currencies.Add(currency, totals = new CurrencyTotals());
        }

        return totals;
    }

    public void Add(string difference)
    {
        DifferenceCount++;
        if (_differences.Count < DifferencesShownMax)
        {
            _differences.Add(difference);
        }
    }
}
