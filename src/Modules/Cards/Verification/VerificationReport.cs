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

    /// <summary>Per currency, after the newest entry: posted debits and credits, pending debits and credits. Minor units.</summary>
    public SortedDictionary<string, CurrencyTotals> Currencies { get; } = new(StringComparer.Ordinal);

    public TimeSpan Elapsed { get; set; }

    public long DifferenceCount { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    public bool IsGood => DifferenceCount == 0;

    public void Add(string difference)
    {
        DifferenceCount++;
        if (_differences.Count < DifferencesShownMax)
        {
            _differences.Add(difference);
        }
    }
}
