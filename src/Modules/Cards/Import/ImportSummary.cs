namespace Iskra.Modules.Cards.Import;

/// <summary>What an import has done; kept as its checkpoint, too.</summary>
internal sealed record ImportSummary
{
    /// <summary>Rows of the file, its header and empty lines apart.</summary>
    public long Rows { get; set; }

    public long Posted { get; set; }

    /// <summary>Rows that an earlier run had posted.</summary>
    public long Existing { get; set; }

    public long Rejected { get; set; }

    /// <summary>Accounts opened.</summary>
    public long Accounts { get; set; }

    /// <summary>Transfers from the settlement account to customers.</summary>
    public long Funded { get; set; }

    /// <summary>Rows that a checkpoint let this run skip.</summary>
    public long Skipped { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>What the file's end looks like when it is damaged; null when it was read to its end.</summary>
    public string? BrokenOff { get; set; }
}
