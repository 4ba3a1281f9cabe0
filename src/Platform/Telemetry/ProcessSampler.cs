using System.Diagnostics.Metrics;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// The process's share of the machine: CPU time per wall time and processor, and resident memory. Thread-safe; shared by everyone who
/// asks, and measured anew at most twice a second so that a reader never sees the window of another one that asked a moment ago.
/// </summary>
public sealed class ProcessSampler
{
    /// <summary>The meter of the process's gauges.</summary>
    internal const string MeterName = "Iskra.Process";

    private static readonly TimeSpan WindowMin = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly Func<TimeSpan> _cpuTime;
    private readonly Func<long> _memory;
    private readonly Lock _gate = new();
    private TimeSpan _cpuAtStart;
    private long _windowStart;
    private ProcessSample _last;

    public ProcessSampler(TimeProvider time, IMeterFactory meterFactory)
        : this(time, meterFactory, static () => Environment.CpuUsage.TotalTime, static () => Environment.WorkingSet)
    {
    }

    internal ProcessSampler(TimeProvider time, IMeterFactory meterFactory, Func<TimeSpan> cpuTime, Func<long> memory)
    {
        _time = time;
        _cpuTime = cpuTime;
        _memory = memory;
        _cpuAtStart = cpuTime();
        _windowStart = time.GetTimestamp();
        _last = new ProcessSample(0, memory());
        Meter meter = meterFactory.Create(MeterName);
        meter.CreateObservableGauge(
            "iskra.process.cpu.utilization",
            () => Sample().CpuPercent / 100,
            "1",
            "Share of all processors that this process used since the last observation, 0 to 1.");
        meter.CreateObservableGauge("iskra.process.memory.usage", () => Sample().MemoryBytes, "By", "Resident memory of this process.");
    }

    /// <summary>The last window's use; a new window when half a second has gone by.</summary>
    public ProcessSample Sample()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            TimeSpan elapsed = _time.GetElapsedTime(_windowStart, now);
            if (elapsed >= WindowMin)
            {
                TimeSpan cpu = _cpuTime();
                double percent = 100 * (cpu - _cpuAtStart) / (elapsed * Environment.ProcessorCount);
                _last = new ProcessSample(Math.Clamp(percent, 0, 100), _memory());
                _cpuAtStart = cpu;
                _windowStart = now;
            }

            return _last;
        }
    }
}

/// <summary>What the process used.</summary>
/// <param name="CpuPercent">0 to 100, of all processors.</param>
/// <param name="MemoryBytes">Resident memory.</param>
public readonly record struct ProcessSample(double CpuPercent, long MemoryBytes);
