namespace Iskra.Platform.Jobs.Running;

/// <summary>One type's workers in this process. Counters are atomic; the rest belongs to the dispatcher's loop.</summary>
internal sealed class JobSlots
{
    private int _running;
    private int _workers;
    private long _finished;
    private volatile bool _mayHaveWork = true;

    public JobSlots(JobType type, TimeProvider time)
    {
        Type = type;
        Rate = new RateGate(type.Options.RatePerSecond, time);
        _workers = type.Options.WorkersMin;
    }

    public JobType Type { get; }

    public RateGate Rate { get; }

    public bool IsPaused { get; set; }

    /// <summary>Whether the queue may hold jobs: set by signals and polls, cleared by a claim that found fewer than it wanted.</summary>
    public bool MayHaveWork
    {
        get => _mayHaveWork;
        set => _mayHaveWork = value;
    }

    public int Running => Volatile.Read(ref _running);

    /// <summary>Attempts that have ended since the start.</summary>
    public long Finished => Interlocked.Read(ref _finished);

    /// <summary>How many attempts may run at once; the scaler changes it.</summary>
    public int Workers
    {
        get => Volatile.Read(ref _workers);
        set => Volatile.Write(ref _workers, value);
    }

    public int Free => Math.Max(0, Workers - Running);

    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>True when the dispatcher should look again.</summary>
    public bool Leave()
    {
        Interlocked.Decrement(ref _running);
        Interlocked.Increment(ref _finished);
        return _mayHaveWork;
    }
}
