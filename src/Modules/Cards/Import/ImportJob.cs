namespace Iskra.Modules.Cards.Import;

/// <summary>A file's import from its checkpoint to its end.</summary>
internal sealed class ImportJob
{
    private readonly ImportSettings _settings;
    private readonly IImportTarget _target;
    private readonly ImportCheckpoints? _checkpoints;
    private readonly TimeProvider _time;
    private ImportRun? _run;

    public ImportJob(ImportSettings settings, IImportTarget target, ImportCheckpoints? checkpoints, TimeProvider time)
    {
        _settings = settings;
        _target = target;
        _checkpoints = checkpoints;
        _time = time;
    }

    public required string RejectsPath { get; init; }

    /// <summary>Sends every row, whatever the checkpoint says.</summary>
    public bool StartsAgain { get; init; }

    /// <summary>Rows done so far.</summary>
    public long RowsDone => _run?.Done.Rows ?? 0;

    public async Task<ImportSummary> RunAsync(ImportFile file, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        byte[] fingerprint = await file.FingerprintAsync(_settings.Canonical, cancellationToken);
        ImportSummary? start = _checkpoints is null || StartsAgain ? null : await _checkpoints.FindAsync(fingerprint, cancellationToken);
        using RejectReport rejects = new(RejectsPath, appends: start is not null);
        _run = new ImportRun(
            _settings, _target, rejects, start, done =>
                _checkpoints?.SaveAsync(fingerprint, done, finished: false, cancellationToken) ?? Task.CompletedTask);
        await using Stream text = file.OpenText();
        ImportSummary done = await _run.RunAsync(text, cancellationToken);
        if (_checkpoints is not null)
        {
            await _checkpoints.SaveAsync(fingerprint, done, finished: done.BrokenOff is null, cancellationToken);
        }

        done.Elapsed = _time.GetElapsedTime(started);
        return done;
    }
}
