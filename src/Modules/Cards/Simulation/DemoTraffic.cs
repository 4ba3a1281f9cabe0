using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>The simulated traffic of every tenant that asked for it; each starts and stops its own. Thread-safe.</summary>
internal sealed class DemoTraffic : IHostedService, IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<TenantId, (DemoRun Run, Task Loop)> _runs = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly PostingPipeline _pipeline;
    private readonly DemoOptions _options;
    private readonly CardsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<DemoTraffic> _logger;

    public DemoTraffic(
        PostingPipeline pipeline, IOptions<DemoOptions> options, CardsMetrics metrics, TimeProvider time, ILogger<DemoTraffic> logger)
    {
        _pipeline = pipeline;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    public DemoStatus StatusOf(TenantId tenant)
    {
        lock (_gate)
        {
            return _runs.TryGetValue(tenant, out (DemoRun Run, Task Loop) known)
                ? known.Run.Status
                : new DemoStatus(Running: false, Speed: null);
        }
    }

    /// <summary>
    /// Starts a tenant's traffic, or changes the speed of what runs. Null: the configured speed. False when the traffic of as many tenants
    /// as are allowed runs already.
    /// </summary>
    public bool Start(TenantId tenant, double? speed)
    {
        lock (_gate)
        {
            DemoRun? known = _runs.TryGetValue(tenant, out (DemoRun Run, Task Loop) found) ? found.Run : null;
            if (known?.Status.Running != true && _runs.Values.Count(other => other.Run.Status.Running) >= _options.TenantsMax)
            {
                _metrics.DemoRefused();
                return false;
            }

            if (known is not null)
            {
                known.Start(speed);
                return true;
            }

            DemoRun run = new(tenant, _pipeline, _options, _time, _logger);
            _runs.Add(tenant, (run, Task.Run(() => run.LoopAsync(_stopping.Token))));
            run.Start(speed);
            return true;
        }
    }

    /// <summary>Stops a tenant's traffic; the task ends when its last transfers are posted.</summary>
    public Task EndAsync(TenantId tenant)
    {
        lock (_gate)
        {
            return _runs.TryGetValue(tenant, out (DemoRun Run, Task Loop) known) ? known.Run.EndAsync() : Task.CompletedTask;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Enabled)
        {
            Start(TenantId.Default, null);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Task[] loops;
        lock (_gate)
        {
            loops = [.. _runs.Values.Select(known => known.Loop)];
        }

        await Task.WhenAll(loops).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach ((DemoRun run, _) in _runs.Values)
        {
            run.Dispose();
        }

        _stopping.Dispose();
    }
}
