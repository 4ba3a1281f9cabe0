using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs;

/// <summary>One attempt at a job, as its handler sees it. Valid until the handler returns.</summary>
public sealed class JobContext
{
    private readonly JobRun _run;

    internal JobContext(JobRun run) => _run = run;

    /// <summary>The job.</summary>
    public Guid JobId => _run.Job.Id;

    /// <summary>Whose job it is.</summary>
    public TenantId Tenant => new(_run.Job.TenantId);

    /// <summary>The type's name.</summary>
    public string Type => _run.Job.Type;

    /// <summary>The request's JSON.</summary>
    public string Payload => _run.Job.Payload;

    /// <summary>Which start of the job this is, from 1; crashes and shutdowns count.</summary>
    public int Attempt => _run.Job.Attempt;

    /// <summary>Attempts that failed before.</summary>
    public int Failures => _run.Job.Failures;

    /// <summary>Whether the deadline has passed and a simpler run is wanted (<see cref="OverrunAction.RetrySimplified"/>).</summary>
    public bool IsSimplified => _run.Job.Mode == JobMode.Simplified;

    /// <summary>When the deadline's action happens; null without a maximum.</summary>
    public DateTimeOffset? DueAt => _run.Job.DueAt is { } due ? Instants.FromMicroseconds(due) : null;

    /// <summary>The payload as an object.</summary>
    /// <exception cref="JsonException">The payload has another shape.</exception>
    public T ReadPayload<T>(JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Payload, type) ?? throw new JsonException("The payload is null.");

    /// <summary>
    /// Says how far the job is. Cheap: the newest report is stored at intervals (<see cref="JobsOptions.ProgressInterval"/>), and those
    /// who watch the job see it then.
    /// </summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="message">For people, at most 200 characters are kept; no secrets.</param>
    public void Report(int percent, string? message = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        _run.Report(percent, message);
    }

    /// <summary>
    /// Ends the job as done in the handler's own transaction: its effect and its completion are committed together or not at all. Return
    /// <see cref="JobOutcome.Done"/> afterwards.
    /// </summary>
    /// <exception cref="JobLostException">The job belongs to another worker by now; let it roll back the transaction.</exception>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public Task CompleteAsync(DbSession session, string? resultJson = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Transaction is null
            ? throw new InvalidOperationException("A job is completed in a transaction; this session only reads.")
            : _run.CompleteAsync(session, resultJson);
    }
}

/// <summary>A completion was refused: the worker lost its lease and the job was given to another one.</summary>
public sealed class JobLostException : Exception
{
    public JobLostException()
        : this("The job belongs to another worker by now.")
    {
    }

    public JobLostException(string message)
        : base(message)
    {
    }

    public JobLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
