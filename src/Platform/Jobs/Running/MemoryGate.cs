using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Closed while the memory is nearly used up: a handler that allocates without end then makes this process take no more work, rather than
/// take everything down with it. Opens again a twentieth below the limit.
/// </summary>
internal sealed class MemoryGate
{
    private const double Hysteresis = 0.05;
    private readonly Func<double> _load;
    private readonly double _max;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<MemoryGate> _log;
    private bool _isClosed;

    public MemoryGate(IOptions<JobsOptions> options, JobsMetrics metrics, ILogger<MemoryGate> log)
        : this(options, metrics, log, ReadLoad)
    {
    }

    internal MemoryGate(IOptions<JobsOptions> options, JobsMetrics metrics, ILogger<MemoryGate> log, Func<double> load)
    {
        _load = load;
        _max = options.Value.MemoryLoadMax;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Looks at the memory; for the dispatcher alone.</summary>
    public bool IsOpen()
    {
        double load = _load();
        bool isClosed = load > (_isClosed ? _max - Hysteresis : _max);
        if (isClosed != _isClosed)
        {
            _isClosed = isClosed;
            if (isClosed)
            {
                _metrics.MemoryPaused();
                _log.MemoryFull((int)(load * 100));
            }
            else
            {
                _log.MemoryFree((int)(load * 100));
            }
        }

        return !isClosed;
    }

    // What this process holds, as a share of what it may use; other programs of the machine don't stop the jobs.
    private static double ReadLoad()
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return available <= 0 ? 0 : (double)GC.GetTotalMemory(forceFullCollection: false) / available;
    }
}
