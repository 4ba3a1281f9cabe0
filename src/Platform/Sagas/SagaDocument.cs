using Iskra.Platform.Data;

namespace Iskra.Platform.Sagas;

/// <summary>A saga as the API shows it: everything but its state, which may hold what an operator need not see.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its definition's name.</param>
/// <param name="Version">Its definition's version.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Step">The number, from 0, of the step that is executed or undone next.</param>
/// <param name="Attempt">Attempts at it that have begun.</param>
/// <param name="DueAt">When it goes on.</param>
/// <param name="DeadlineAt">When it is compensated unless it is through; null for never.</param>
/// <param name="Reason">Why it was compensated; null when it was not.</param>
/// <param name="ErrorStep">The step that failed last.</param>
/// <param name="ErrorKind">The type of that failure; never its message.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="UpdatedAt">When it last moved.</param>
/// <param name="FinishedAt">When it was completed or compensated.</param>
internal sealed record SagaDocument(
    Guid Id,
    string Name,
    int Version,
    SagaStatus Status,
    int Step,
    int Attempt,
    DateTimeOffset DueAt,
    DateTimeOffset? DeadlineAt,
    SagaReason? Reason,
    string? ErrorStep,
    string? ErrorKind,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    public static SagaDocument Of(SagaRow row) => new(
        row.Id,
        row.Name,
        row.Version,
        (SagaStatus)row.Status,
        row.Step,
        row.Attempt,
        Instants.FromMicroseconds(row.DueAt),
        InstantOf(row.DeadlineAt),
        (SagaReason?)row.Reason,
        row.ErrorStep,
        row.ErrorKind,
        Instants.FromMicroseconds(row.CreatedAt),
        Instants.FromMicroseconds(row.UpdatedAt),
        InstantOf(row.FinishedAt));

    private static DateTimeOffset? InstantOf(long? microseconds) =>
        microseconds is { } value ? Instants.FromMicroseconds(value) : null;
}
