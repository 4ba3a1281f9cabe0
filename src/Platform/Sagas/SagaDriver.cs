using System.Data.Common;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Sagas;

/// <summary>
/// Drives one saga as far as it goes: step after step, each noted before the next begins; back when a step fails for good or the deadline
/// passes. It stops at an end, at a wait, or when the row is another process's. Holds no state between two drives.
/// </summary>
internal sealed class SagaDriver
{
    private const string CrashKind = "Crash";

    private readonly Database _database;
    private readonly SagaStore _store;
    private readonly SagaCatalog _catalog;
    private readonly OutboxWriter _outbox;
    private readonly SagasMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SagaDriver> _log;

    public SagaDriver(
        Database database,
        SagaStore store,
        SagaCatalog catalog,
        OutboxWriter outbox,
        SagasMetrics metrics,
        TimeProvider time,
        ILogger<SagaDriver> log)
    {
        _database = database;
        _store = store;
        _catalog = catalog;
        _outbox = outbox;
        _metrics = metrics;
        _time = time;
        _log = log;
    }

    /// <summary>Drives a claimed row.</summary>
    /// <exception cref="SagaLostException">The saga belongs to a later epoch.</exception>
    /// <exception cref="OperationCanceledException">The process stops; the row is still held.</exception>
    public async Task DriveAsync(SagaRow row, CancellationToken cancellationToken)
    {
        SagaDefinition definition = _catalog.Find(row.Name, row.Version)
            ?? throw new InvalidOperationException($"No saga '{row.Name}' of version {row.Version} is registered.");
        SagaRow? next = row;
        while (next is { IsActive: true })
        {
            cancellationToken.ThrowIfCancellationRequested();
            next = next.Status == (int)SagaStatus.Running
                ? await ForwardAsync(definition, next, cancellationToken)
                : await BackAsync(definition, next, cancellationToken);
        }
    }

    /// <summary>The row with which to go on at once; null when the saga waits.</summary>
    private async Task<SagaRow?> ForwardAsync(SagaDefinition definition, SagaRow row, CancellationToken cancellationToken)
    {
        SagaStep step = definition.Steps[row.Step];
        bool wasAttempted = row.Attempt > 1;
        if (IsPastDeadline(row))
        {
            return await TurnBackAsync(row, step, SagaReason.DeadlinePassed, null, wasAttempted, cancellationToken);
        }

        if (row.Attempt > step.Retry.AttemptsMax)
        {
            return await TurnBackAsync(row, step, SagaReason.Failed, CrashKind, wasAttempted, cancellationToken);
        }

        try
        {
            return await RunAsync(step, step.Execute, row, Advance(definition, row), cancellationToken);
        }
        catch (SagaRefusedException exception)
        {
            Report(exception, row, step);
            return await TurnBackAsync(row, step, SagaReason.Refused, KindOf(exception), wasAttempted, cancellationToken);
        }
        catch (Exception exception) when (IsStepsFault(exception, cancellationToken))
        {
            Report(exception, row, step);
            if (row.Attempt >= step.Retry.AttemptsMax && !IsUncounted(step.Execute, exception))
            {
                SagaReason reason = IsPastDeadline(row) ? SagaReason.DeadlinePassed : SagaReason.Failed;
                return await TurnBackAsync(row, step, reason, KindOf(exception), wasAttempted: true, cancellationToken);
            }

            await WaitAsync(row, step.Execute, step.Retry, step, exception, cancellationToken);
            return null;
        }
    }

    private async Task<SagaRow?> BackAsync(SagaDefinition definition, SagaRow row, CancellationToken cancellationToken)
    {
        SagaStep step = definition.Steps[row.Step];
        SagaRow next = Retreat(row, row.Step - 1);
        if (step.Compensate is not { } compensate)
        {
            await SaveAsync(row, next, cancellationToken);
            return next;
        }

        if (row.Attempt > step.CompensateRetry.AttemptsMax)
        {
            await ParkAsync(row, step, CrashKind, cancellationToken);
            return null;
        }

        try
        {
            return await RunAsync(step, compensate, row, next, cancellationToken);
        }
        catch (Exception exception) when (exception is SagaRefusedException || IsStepsFault(exception, cancellationToken))
        {
            Report(exception, row, step);
            bool isFinal = exception is SagaRefusedException
                || (row.Attempt >= step.CompensateRetry.AttemptsMax && !IsUncounted(compensate, exception));
            await (isFinal
                ? ParkAsync(row, step, KindOf(exception), cancellationToken)
                : WaitAsync(row, compensate, step.CompensateRetry, step, exception, cancellationToken));
            return null;
        }
    }

    /// <summary>Runs an action and saves what follows it: in one transaction where the action is in one.</summary>
    private async Task<SagaRow> RunAsync(
        SagaStep step, SagaAction action, SagaRow row, SagaRow next, CancellationToken cancellationToken)
    {
        SagaCall call = new(row.Id, new TenantId(row.TenantId), $"{row.Id}/{step.Name}", row.Attempt, row.State);
        TimeSpan timeout = TimeoutOf(step, row);
        using CancellationTokenSource limit = new(timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (action.Transaction is { } transaction)
        {
            await _database.WriteAsync(
                async session =>
                {
                    ThrowIfRefused(await transaction(session, call));
                    next.State = call.State;
                    await SaveAsync(session, row, next);
                },
                either.Token);
            return next;
        }

        // One that ignores its cancellation is left behind: its key tells the other side that it is too late.
        ThrowIfRefused(await action.Call!(call, either.Token).WaitAsync(timeout, _time, cancellationToken));
        next.State = call.State;
        await SaveAsync(row, next, cancellationToken);
        return next;
    }

    private static void ThrowIfRefused(SagaStepResult result)
    {
        if (result == SagaStepResult.Refused)
        {
            throw new SagaRefusedException();
        }
    }

    private TimeSpan TimeoutOf(SagaStep step, SagaRow row)
    {
        if (row.Status != (int)SagaStatus.Running || row.DeadlineAt is not { } deadline)
        {
            return step.Timeout;
        }

        TimeSpan left = Instants.FromMicroseconds(deadline) - _time.GetUtcNow();
        TimeSpan timeout = left < step.Timeout ? left : step.Timeout;
        return timeout > TimeSpan.FromMilliseconds(1) ? timeout : TimeSpan.FromMilliseconds(1);
    }

    private SagaRow Advance(SagaDefinition definition, SagaRow row)
    {
        SagaRow next = row.Copy();
        next.Step++;
        next.Attempt = 1;
        if (next.Step == definition.Steps.Count)
        {
            next.Status = (int)SagaStatus.Completed;
            next.FinishedAt = _time.NowMicroseconds();
        }

        return next;
    }

    private SagaRow Retreat(SagaRow row, int step)
    {
        SagaRow next = row.Copy();
        next.Status = step < 0 ? (int)SagaStatus.Compensated : (int)SagaStatus.Compensating;
        next.Step = Math.Max(step, 0);
        next.Attempt = 1;
        next.FinishedAt = step < 0 ? _time.NowMicroseconds() : null;
        return next;
    }

    /// <summary>
    /// Turns to compensation. It begins with the step itself when that calls out and was attempted, for nobody knows then whether it took
    /// effect; a refusal or a rolled-back transaction took none.
    /// </summary>
    private async Task<SagaRow> TurnBackAsync(
        SagaRow row, SagaStep step, SagaReason reason, string? kind, bool wasAttempted, CancellationToken cancellationToken)
    {
        bool isUnknown = wasAttempted && step.Execute.Call is not null;
        SagaRow next = Retreat(row, isUnknown ? row.Step : row.Step - 1);
        next.Reason = (int)reason;
        next.ErrorKind = kind ?? row.ErrorKind;
        next.ErrorStep = step.Name;
        await SaveAsync(row, next, cancellationToken);
        _log.Compensating(row.Id, row.Name, step.Name, reason);
        return next;
    }

    private async Task WaitAsync(
        SagaRow row, SagaAction action, SagaRetryPolicy policy, SagaStep step, Exception exception, CancellationToken cancellationToken)
    {
        SagaRow next = row.Copy();
        next.Attempt = IsUncounted(action, exception) ? row.Attempt - 1 : row.Attempt;
        next.ErrorKind = KindOf(exception);
        next.ErrorStep = step.Name;
        DateTimeOffset due = _time.GetUtcNow() + policy.BackoffOf(row.Attempt, Random.Shared.NextDouble());
        next.DueAt = Instants.ToMicroseconds(due);
        if (row.Status == (int)SagaStatus.Running && row.DeadlineAt is { } deadline)
        {
            next.DueAt = Math.Min(next.DueAt, deadline);
        }

        await _database.WriteAsync(session => _store.SaveAsync(session, row, next, keeps: false), cancellationToken);
    }

    private async Task ParkAsync(SagaRow row, SagaStep step, string kind, CancellationToken cancellationToken)
    {
        SagaRow next = row.Copy();
        next.Status = (int)SagaStatus.Parked;
        next.ErrorKind = kind;
        next.ErrorStep = step.Name;
        await SaveAsync(row, next, cancellationToken);
        _log.Parked(row.Id, row.Name, step.Name);
    }

    private Task SaveAsync(SagaRow from, SagaRow next, CancellationToken cancellationToken) =>
        _database.WriteAsync(session => SaveAsync(session, from, next), cancellationToken);

    private async Task SaveAsync(DbSession session, SagaRow from, SagaRow next)
    {
        await _store.SaveAsync(session, from, next, keeps: next.IsActive);
        string? type = (SagaStatus)next.Status switch
        {
            SagaStatus.Completed => SagaEvents.Completed,
            SagaStatus.Compensated => SagaEvents.Compensated,
            SagaStatus.Parked => SagaEvents.Parked,
            _ => null,
        };
        if (type is not null)
        {
            await _outbox.AppendAsync(session, SagaEvents.Of(type, next));
            KeyValuePair<string, object?> end = new("end", type[(type.LastIndexOf('.') + 1)..]);
            session.OnCommitted(() => _metrics.Ended.Add(1, SagasMetrics.Tag(next), end));
        }
    }

    private bool IsPastDeadline(SagaRow row) => row.DeadlineAt is { } deadline && _time.NowMicroseconds() >= deadline;

    private static bool IsStepsFault(Exception exception, CancellationToken cancellationToken) =>
        exception is not SagaLostException && !cancellationToken.IsCancellationRequested;

    /// <summary>A database that is busy says nothing about the step, and left nothing of it.</summary>
    private static bool IsUncounted(SagaAction action, Exception exception) =>
        action.Transaction is not null && exception is DatabaseBusyException or DbException { IsTransient: true };

    private void Report(Exception exception, SagaRow row, SagaStep step)
    {
        _metrics.Failures.Add(1, SagasMetrics.Tag(row));
        _log.StepFailed(exception, row.Id, row.Name, row.Attempt, step.Name);
    }

    private static string KindOf(Exception exception) =>
        exception is SagaRefusedException ? "Refused" : exception.GetType().Name;
}
