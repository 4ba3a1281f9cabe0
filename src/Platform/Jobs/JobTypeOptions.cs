using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Jobs;

/// <summary>What a type of jobs declares. Checked when the types are first used.</summary>
public sealed record JobTypeOptions
{
    /// <summary>Stable, unique: <c>module.purpose</c> in lower-case letters, digits, dots and dashes.</summary>
    [Required]
    [RegularExpression("^[a-z][a-z0-9.-]{0,99}$")]
    public required string Name { get; init; }

    /// <summary>Workers of this type in each process that always stand ready.</summary>
    [Range(1, 10_000)]
    public int WorkersMin { get; init; } = 1;

    /// <summary>Workers of this type in each process, at most.</summary>
    [Range(1, 10_000)]
    public int WorkersMax { get; init; } = 8;

    /// <summary>Starts per second over all processes, each taking an equal share; 0: no limit.</summary>
    [Range(0, 1_000_000)]
    public double RatePerSecond { get; init; }

    /// <summary>Failures after which a job is dead; 1: no retry.</summary>
    [Range(1, 1_000)]
    public int FailuresMax { get; init; } = 5;

    /// <summary>Deaths of the worker's process during the job after which it is quarantined.</summary>
    [Range(1, 1_000)]
    public int CrashesMax { get; init; } = 3;

    /// <summary>Wait after the first failure; it doubles with each one.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait after a failure.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Each wait is chosen between (1 − jitter) and 1 of the computed one, so that jobs that failed together part.</summary>
    [Range(0.0, 1.0)]
    public double Jitter { get; init; } = 0.5;

    /// <summary>How long one attempt may take before it is cancelled and counts as failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan AttemptTimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>From the instant when it may start to its end, as promised; a miss is counted. Null: none.</summary>
    public TimeSpan? Target { get; init; }

    /// <summary>From the instant when it may start to its end, at most; then <see cref="Overrun"/> happens, once. Null: none.</summary>
    public TimeSpan? Maximum { get; init; }

    /// <summary>What happens after <see cref="Maximum"/>.</summary>
    public OverrunAction Overrun { get; init; } = OverrunAction.Warn;
}
