using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Jobs;

/// <summary>Background jobs. Section <c>Jobs</c>.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>Whether this process runs jobs. Without it jobs can be enqueued, and other processes run them.</summary>
    public bool Run { get; set; } = true;

    /// <summary>Characters of a payload, at most.</summary>
    [Range(2, 16_777_216)]
    public int PayloadLengthMax { get; set; } = 262_144;

    /// <summary>Characters of a result, at most; a longer one makes the attempt fail.</summary>
    [Range(2, 16_777_216)]
    public int ResultLengthMax { get; set; } = 262_144;

    /// <summary>Characters of a stored error; the rest is cut off.</summary>
    [Range(100, 100_000)]
    public int ErrorLengthMax { get; set; } = 2_000;

    /// <summary>How much waiting one step of priority is worth.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan AgingStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Enqueueings that wait for the common write, at most; the next one is answered <see cref="EnqueueStatus.Busy"/>.</summary>
    [Range(1, 1_000_000)]
    public int EnqueueQueueMax { get; set; } = 20_000;

    /// <summary>Enqueueings written together, at most.</summary>
    [Range(1, 10_000)]
    public int EnqueueBatchMax { get; set; } = 1_000;

    /// <summary>Jobs claimed at once for one type, at most.</summary>
    [Range(1, 10_000)]
    public int ClaimBatchMax { get; set; } = 500;

    /// <summary>Completions written together, at most.</summary>
    [Range(1, 10_000)]
    public int CompletionBatchMax { get; set; } = 1_000;

    /// <summary>Completions that wait to be written; from there on this process claims nothing more.</summary>
    [Range(1, 1_000_000)]
    public int CompletionQueueMax { get; set; } = 10_000;

    /// <summary>How often the queues are looked at when nobody says that something was enqueued: the safety net.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a process says that it lives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A process whose heartbeat has not changed for so long is dead; at least two heartbeats.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a process looks at the heartbeats of the others and at deadlines.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the running jobs may go on when the process ends, before they are cancelled and given back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a cancelled attempt may go on before its handler is reported for ignoring the cancellation.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait after the database failed; it doubles with each failure in a row.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan BackoffFirst { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait after the database failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Progress of one job is stored at most this often; what is reported in between is overtaken by the newest.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a job that runs elsewhere is looked at for those who watch it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often due schedules are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ScheduleInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Share of the memory in use, as the garbage collector sees it (it knows a container's limit), above which nothing new is claimed.
    /// </summary>
    [Range(0.1, 1.0)]
    public double MemoryLoadMax { get; set; } = 0.9;

    /// <summary>How long ended jobs and their results are kept; whole days on PostgreSQL.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long idempotency keys are kept; never shorter than their jobs live.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Rows deleted in one transaction by retention, at most.</summary>
    [Range(1, 100_000)]
    public int DeleteBatchMax { get; set; } = 1_000;

    /// <summary>Time between two clean-ups.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often depths and ages are measured and the number of workers is adapted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A queue whose oldest job waits longer than this gets more workers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan ScaleAge { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Workers that have not been needed for so long are taken away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan ScaleDownAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// On PostgreSQL the server's clock counts, so that a wrong clock of one process hurts nobody. Tests with a clock of their own switch
    /// it off.
    /// </summary>
    internal bool UsesDatabaseClock { get; set; } = true;

    internal long AgingStepMicroseconds => AgingStep.Ticks / TimeSpan.TicksPerMicrosecond;
}
