using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Import;

/// <summary>One request to the ledger: payments, and before them the funding that they need. Reused from request to request.</summary>
internal sealed class ImportBatch
{
    private readonly TransferRequest[] _transfers;
    private readonly long[] _lines;

    public ImportBatch(int rows)
    {
        _transfers = new TransferRequest[rows * 2];
        _lines = new long[rows * 2];
    }

    public List<AccountRequest> Accounts { get; } = [];

    /// <summary>Rows that didn't get as far as a transfer: kept here, so that counts and checkpoints move in the file's order.</summary>
    public List<(long Line, string Reason, string Id)> Rejected { get; } = [];

    public int Count { get; private set; }

    /// <summary>Rows of the file that are done when this is: refused ones included.</summary>
    public long RowsThrough { get; set; }

    public ReadOnlyMemory<TransferRequest> Transfers => _transfers.AsMemory(0, Count);

    /// <summary>The line of each payment; 0 for funding.</summary>
    public ReadOnlySpan<long> Lines => _lines.AsSpan(0, Count);

    public void Add(in TransferRequest transfer, long line)
    {
        _transfers[Count] = transfer;
        _lines[Count++] = line;
    }

    public void Clear()
    {
        Accounts.Clear();
        Rejected.Clear();
        Count = 0;
    }
}
