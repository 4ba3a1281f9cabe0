using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// One run over one file: rows are read and planned into requests while the requests before them are being committed. Memory does not
/// grow with the file.
/// </summary>
internal sealed class ImportRun
{
    /// <summary>Requests between two checkpoints.</summary>
    private const int CheckpointEvery = 16;

    private readonly ImportSettings _settings;
    private readonly IImportTarget _target;
    private readonly RejectReport _rejects;
    private readonly ImportPlan _plan;
    private readonly ImportSummary _done;
    private readonly Func<ImportSummary, Task> _checkpoint;
    private readonly Queue<ImportBatch> _free = new();
    private readonly Queue<(ImportBatch Batch, Task<TransferStatus[]> Answer)> _inFlight = new();
    private readonly long _rowsToSkip;
    private int _sinceCheckpoint;

    /// <param name="settings">What was asked for.</param>
    /// <param name="target">Where transfers go.</param>
    /// <param name="rejects">Where refused rows go.</param>
    /// <param name="start">Where an earlier run stopped; its counts go on from there.</param>
    /// <param name="checkpoint">Stores how far it got.</param>
    public ImportRun(
        ImportSettings settings, IImportTarget target, RejectReport rejects, ImportSummary? start, Func<ImportSummary, Task> checkpoint)
    {
        _settings = settings;
        _target = target;
        _rejects = rejects;
        _checkpoint = checkpoint;
        _plan = new ImportPlan(settings);
        _done = start ?? new ImportSummary();
        _rowsToSkip = _done.Rows;
        _done.Skipped = _rowsToSkip;
        for (int index = 0; index <= ImportSettings.BatchesInFlight; index++)
        {
            _free.Enqueue(new ImportBatch(settings.BatchRows));
        }
    }

    /// <summary>The counts so far: complete requests only.</summary>
    public ImportSummary Done => _done;

    public async Task<ImportSummary> RunAsync(Stream text, CancellationToken cancellationToken)
    {
        using CsvRowReader reader = new(text);
        if (ReadHeader(reader) is not { } columns)
        {
            throw new StartupException(ExitCode.Failure, "The file holds no line of text.");
        }

        ImportRowParser parser = new(columns, _settings);
        ImportBatch batch = _free.Dequeue();
        long rows = 0;
        int inBatch = 0;
        while (TryRead(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isDone = ++rows <= _rowsToSkip;
            string? fault = parser.Parse(reader, out ImportRow row);
            if (fault is null)
            {
                _plan.Add(row, reader.Line, batch, isDone);
            }
            else if (!isDone)
            {
                batch.Rejected.Add((reader.Line, fault, IdOf(reader, columns)));
            }

            batch.RowsThrough = rows;
            inBatch += isDone ? 0 : 1;
            if (inBatch == _settings.BatchRows)
            {
                batch = await SendAsync(batch, cancellationToken);
                inBatch = 0;
            }
        }

        await SendAsync(batch, cancellationToken);
        while (_inFlight.Count > 0)
        {
            await CompleteOneAsync(cancellationToken);
        }

        _done.Rows = Math.Max(rows, _rowsToSkip);
        _rejects.Flush();
        return _done;
    }

    private ColumnPositions? ReadHeader(CsvRowReader reader)
    {
        if (!TryRead(reader))
        {
            return _done.BrokenOff is null ? null : throw new StartupException(ExitCode.Failure, _done.BrokenOff);
        }

        // A header of one field with semicolons or tabs in it is a file of another separator.
        ReadOnlySpan<char> first = reader.Field(0);
        if (reader.FieldCount == 1 && first.IndexOfAny(';', '\t') is var at and >= 0)
        {
            throw new StartupException(
                ExitCode.Failure, $"The file's fields are separated by {(first[at] == ';' ? "semicolons" : "tabs")}; commas are needed.");
        }

        return _settings.Map.Locate(reader);
    }

    /// <summary>A damaged end stops the reading: what came before it counts, the row in which it broke off does not.</summary>
    private bool TryRead(CsvRowReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            _done.BrokenOff = $"The file is cut off or damaged after line {reader.Line - 1}; the rows before it are posted.";
            return false;
        }
    }

    private async Task<ImportBatch> SendAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Accounts.Count > 0)
        {
            // Before the transfers, and waited for: a later request may need these accounts as well.
            _done.Accounts += await _target.OpenAsync(batch.Accounts, cancellationToken);
        }

        _inFlight.Enqueue(
            (batch, batch.Count == 0 ? Task.FromResult<TransferStatus[]>([]) : _target.PostAsync(batch.Transfers, cancellationToken)));
        if (_inFlight.Count == ImportSettings.BatchesInFlight)
        {
            await CompleteOneAsync(cancellationToken);
        }

        return _free.Dequeue();
    }

    private async Task CompleteOneAsync(CancellationToken cancellationToken)
    {
        (ImportBatch batch, Task<TransferStatus[]> answer) = _inFlight.Dequeue();
#pragma warning disable VSTHRD003 // Started by this object, in SendAsync.
        TransferStatus[] statuses = await answer;
#pragma warning restore VSTHRD003
        for (int index = 0; index < statuses.Length; index++)
        {
            TransferRequest transfer = batch.Transfers.Span[index];
            TransferStatus status = statuses[index];
            if (status == TransferStatus.ExceedsCredits && batch.Lines[index] != 0)
            {
                status = await TopUpAsync(transfer, cancellationToken);
            }

            Count(status, transfer, batch.Lines[index]);
        }

        foreach ((long line, string reason, string id) in batch.Rejected)
        {
            Reject(line, reason, id);
        }

        _done.Rows = Math.Max(batch.RowsThrough, _done.Rows);
        batch.Clear();
        _free.Enqueue(batch);
        if (++_sinceCheckpoint == CheckpointEvery)
        {
            _sinceCheckpoint = 0;
            _rejects.Flush();
            await _checkpoint(_done);
        }
    }

    private async Task<TransferStatus> TopUpAsync(TransferRequest payment, CancellationToken cancellationToken)
    {
        TransferStatus[] statuses = await _target.PostAsync(_plan.TopUp(payment), cancellationToken);
        _done.Funded += statuses[0] == TransferStatus.Ok ? 1 : 0;
        return statuses[1];
    }

    private void Count(TransferStatus status, in TransferRequest transfer, long line)
    {
        if (line == 0)
        {
            _done.Funded += status == TransferStatus.Ok ? 1 : 0;
            return;
        }

        switch (status)
        {
            case TransferStatus.Ok:
                _done.Posted++;
                break;
            case TransferStatus.Exists:
                _done.Existing++;
                break;
            default:
                Reject(line, "the ledger refused it: " + StatusTable.SlugOf(status), transfer.Reference ?? "");
                break;
        }
    }

    private void Reject(long line, string reason, string id)
    {
        _done.Rejected++;
        _rejects.Add(line, reason, id);
    }

    private static string IdOf(CsvRowReader reader, ColumnPositions columns) =>
        reader.FieldCount > columns.Id ? reader.Field(columns.Id).Trim().ToString() : "";
}
