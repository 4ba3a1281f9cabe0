using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs;

/// <summary>A job as it is seen from outside.</summary>
public sealed record JobInfo
{
    /// <summary>The job.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose job it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The type's name.</summary>
    public required string Type { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>From <see cref="JobRequest.PriorityMin"/> to <see cref="JobRequest.PriorityMax"/>.</summary>
    public required int Priority { get; init; }

    /// <summary>How its next, present or last attempt runs.</summary>
    public required JobMode Mode { get; init; }

    /// <summary>Whether its deadline has passed and the action has happened.</summary>
    public required bool IsOverrun { get; init; }

    /// <summary>Whether somebody asked a running attempt to stop.</summary>
    public required bool IsStopping { get; init; }

    /// <summary>Starts so far; crashes and shutdowns count.</summary>
    public required int Attempt { get; init; }

    /// <summary>Attempts that failed.</summary>
    public required int Failures { get; init; }

    /// <summary>Attempts whose process died.</summary>
    public required int Crashes { get; init; }

    /// <summary>When it was enqueued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it may start.</summary>
    public required DateTimeOffset ReadyAt { get; init; }

    /// <summary>When its deadline's action happens; null without a maximum.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>When its last attempt started.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it lives.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The newest progress of the present attempt.</summary>
    public required JobProgress? Progress { get; init; }

    /// <summary>The last failure.</summary>
    public required string? Error { get; init; }

    /// <summary>The result's JSON.</summary>
    public required string? Result { get; init; }

    /// <summary>The request's key.</summary>
    public required string? IdempotencyKey { get; init; }

    /// <summary>The request's JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>Who ran it last.</summary>
    public required Guid? WorkerId { get; init; }
}
