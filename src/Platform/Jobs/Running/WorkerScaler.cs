namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// How many workers a type needs in this process, from what is waiting, for how long, and how fast it gets done. Grows at once, by
/// doubling; shrinks by a quarter, and only after a while in which fewer would have done, so that it doesn't swing.
/// </summary>
internal sealed class WorkerScaler
{
    private readonly JobTypeOptions _type;
    private readonly TimeSpan _age;
    private readonly TimeSpan _downAfter;
    private TimeSpan _spare;

    public WorkerScaler(JobTypeOptions type, JobsOptions options)
    {
        _type = type;
        _age = options.ScaleAge;
        _downAfter = options.ScaleDownAfter;
    }

    /// <summary>The number of workers from now on.</summary>
    /// <param name="workers">The number at present.</param>
    /// <param name="running">How many of them work.</param>
    /// <param name="depth">Jobs that could start.</param>
    /// <param name="oldestAge">How long the oldest of them has waited.</param>
    /// <param name="perSecond">Attempts that ended per second since the last time.</param>
    /// <param name="elapsed">Since the last time.</param>
    public int Next(int workers, int running, long depth, TimeSpan oldestAge, double perSecond, TimeSpan elapsed)
    {
        bool isBusy = running >= workers || depth > 0;
        TimeSpan drain = depth == 0 ? TimeSpan.Zero
            : perSecond > 0 ? TimeSpan.FromSeconds(Math.Min(depth / perSecond, TimeSpan.FromDays(1).TotalSeconds))
            : TimeSpan.MaxValue;
        if (isBusy && depth > 0 && (oldestAge > _age || drain > _age))
        {
            _spare = TimeSpan.Zero;
            return Math.Clamp(workers * 2, _type.WorkersMin, _type.WorkersMax);
        }

        // Three quarters of them would have done.
        bool isSpare = depth == 0 && running < workers - (workers / 4);
        _spare = isSpare ? _spare + elapsed : TimeSpan.Zero;
        if (_spare < _downAfter)
        {
            return Math.Clamp(workers, _type.WorkersMin, _type.WorkersMax);
        }

        _spare = TimeSpan.Zero;
        return Math.Clamp(workers - Math.Max(1, workers / 4), _type.WorkersMin, _type.WorkersMax);
    }
}
