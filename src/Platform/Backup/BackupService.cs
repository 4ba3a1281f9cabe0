using System.Text.Json.Nodes;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>Makes backups for a server: one at a time, with its metrics, log and events. Thread-safe.</summary>
public sealed class BackupService
{
    private readonly BackupCreator _creator;
    private readonly BackupOptions _options;
    private readonly BackupKeys _keys;
    private readonly BackupMetrics _metrics;
    private readonly Database _database;
    private readonly OutboxWriter _events;
    private readonly TimeProvider _time;
    private readonly ILogger<BackupService> _logger;
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _startedAt;
    private BackupState _state = BackupState.Unknown;

    internal BackupService(
        BackupCreator creator,
        IOptions<BackupOptions> options,
        BackupKeys keys,
        BackupMetrics metrics,
        Database database,
        OutboxWriter events,
        TimeProvider time,
        ILogger<BackupService> logger)
    {
        _creator = creator;
        _options = options.Value;
        _keys = keys;
        _metrics = metrics;
        _database = database;
        _events = events;
        _time = time;
        _logger = logger;
        _startedAt = time.GetUtcNow();
        metrics.Observe(() => Age?.TotalSeconds, () => State.Newest?.Bytes, () => IsOverdue);
    }

    /// <summary>The folder that backups go to.</summary>
    public string Folder => _creator.Folder;

    /// <summary>
    /// Whether the schedule is on and the newest backup is older than two of its intervals, or none was made in the two since the start.
    /// </summary>
    public bool IsOverdue
    {
        get
        {
            DateTimeOffset newest = State.Newest?.CreatedAt ?? DateTimeOffset.MinValue;
            DateTimeOffset since = newest > _startedAt ? newest : _startedAt;
            return _options.Schedule > TimeSpan.Zero && _time.GetUtcNow() - since > _options.Schedule * 2;
        }
    }

    internal BackupState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    internal TimeSpan? Age => State.Newest is { } newest ? _time.GetUtcNow() - newest.CreatedAt : null;

    /// <summary>
    /// Makes a backup and applies retention; what a schedule or a job calls. False when it was not made: another one is under way, or it
    /// failed, which is logged, counted and an event <c>platform.backup.failed</c>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up; nothing half-done is left.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!TryBegin())
        {
            return false;
        }

        return await RunBegunAsync(cancellationToken);
    }

    /// <summary>Begins one that goes on after the call; false when one is under way.</summary>
    internal bool TryStart(CancellationToken stopping)
    {
        if (!TryBegin())
        {
            return false;
        }

        _ = Task.Run(
            async () =>
            {
                try
                {
                    await RunBegunAsync(stopping);
                }
                catch (OperationCanceledException)
                {
                    // The server stops; the state says that nothing runs.
                }
            },
            CancellationToken.None);
        return true;
    }

    /// <summary>Looks into the folder again: other processes write to it too.</summary>
    internal IReadOnlyList<BackupItem> Refresh()
    {
        IReadOnlyList<BackupItem> items = BackupCatalog.List(Folder);
        Change(state => state with { Newest = items.FirstOrDefault(item => item.Fault is null) });
        return items;
    }

    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_state.RunningSince is not null)
            {
                return false;
            }

            _state = _state with { RunningSince = _time.GetUtcNow(), Progress = default };
            return true;
        }
    }

    private async Task<bool> RunBegunAsync(CancellationToken cancellationToken)
    {
        try
        {
            BackupResult result = await _creator.CreateAsync(isFull: false, new Watcher(this), cancellationToken);
            Change(state => state with { Newest = result.Item, LastFailure = null, LastFailureAt = null });
            await ReportAsync(result);
            return true;
        }
        catch (BackupException e) when (e.Fault == BackupFault.Busy)
        {
            _metrics.NotMade("left-out");
            Log.LeftOut(_logger);
        }
        catch (BackupException e)
        {
            Log.Failed(_logger, e.Fault, e.Message);
            await ReportAsync(e.Fault, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.FailedUnexpectedly(_logger, e);
            await ReportAsync(BackupFault.Failed, "unexpected fault: " + e.GetType().Name);
        }
        finally
        {
            Change(state => state with { RunningSince = null, Progress = default });
        }

        return false;
    }

    private async Task ReportAsync(BackupResult result)
    {
        _metrics.Made(result);
        Log.Made(
            _logger,
            result.Item.FileName,
            result.Item.Bytes,
            result.ContentBytes,
            (long)result.Time.TotalMilliseconds,
            (long)result.CopyTime.TotalMilliseconds);
        if (result.IsKeyNew)
        {
            Log.KeyMade(_logger, _keys.FilePath);
        }

        await AppendAsync("platform.backup.completed", new JsonObject
        {
            ["id"] = result.Item.Id.ToString(),
            ["kind"] = result.Item.Kind == BackupKind.Full ? "full" : "differential",
            ["createdAt"] = result.Item.CreatedAt,
            ["bytes"] = result.Item.Bytes,
        });
    }

    private async Task ReportAsync(BackupFault fault, string reason)
    {
        reason = Scrubber.Scrub(reason);
        DateTimeOffset now = _time.GetUtcNow();
        Change(state => state with { LastFailure = reason, LastFailureAt = now });
        _metrics.NotMade("failed");
        await AppendAsync("platform.backup.failed", new JsonObject { ["fault"] = fault.ToString(), ["reason"] = reason, ["at"] = now });
    }

    private async Task AppendAsync(string type, JsonObject payload)
    {
        try
        {
            await _database.WriteAsync(session => _events.AppendAsync(session, new DomainEvent(type, 1, "backup", payload.ToJsonString())));
        }
        catch (Exception e)
        {
            // The backup is what it is, told or not; a full disk is the likely cause of both faults.
            Log.EventNotWritten(_logger, e);
        }
    }

    private void Change(Func<BackupState, BackupState> change)
    {
        lock (_gate)
        {
            _state = change(_state);
        }
    }

    private sealed class Watcher(BackupService owner) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value) => owner.Change(state => state with { Progress = value });
    }
}
