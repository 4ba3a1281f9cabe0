using System.Collections.Concurrent;
using System.Threading.Channels;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>
/// Verifies trails in the background: all of them now and then, and one when someone asks. One at a time, and a tenant waits at most once.
/// </summary>
internal sealed class AuditWatch(
    AuditVerifier verifier, AuditMetrics metrics, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditWatch> logger)
    : BackgroundService
{
    private readonly Channel<int> _wanted = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<int, bool> _waiting = new();
    private readonly ConcurrentDictionary<int, (DateTimeOffset At, AuditVerification Result)> _results = new();

    /// <summary>Asks for a verification of a tenant's trail, unless one waits or runs already.</summary>
    public void Request(TenantId tenant)
    {
        if (_waiting.TryAdd(tenant.Value, true))
        {
            _wanted.Writer.TryWrite(tenant.Value);
        }
    }

    public AuditVerificationDocument StateOf(TenantId tenant) =>
        _results.TryGetValue(tenant.Value, out (DateTimeOffset At, AuditVerification Result) last)
            ? new AuditVerificationDocument(_waiting.ContainsKey(tenant.Value), last.At, last.Result)
            : new AuditVerificationDocument(_waiting.ContainsKey(tenant.Value), null, null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using ITimer timer = time.CreateTimer(
            _ => _ = RequestAllAsync(stoppingToken), null, options.Value.VerifyInterval, options.Value.VerifyInterval);
        try
        {
            await foreach (int tenant in _wanted.Reader.ReadAllAsync(stoppingToken))
            {
                await VerifyAsync(new TenantId(tenant), stoppingToken);
                _waiting.TryRemove(tenant, out _);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task RequestAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (int tenant in await verifier.TenantsAsync(cancellationToken))
            {
                Request(new TenantId(tenant));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.VerificationFailed(logger, exception);
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task VerifyAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            AuditVerification result = await verifier.VerifyAsync(tenant, options.Value.CheckpointFolder, null, cancellationToken);
            _results[tenant.Value] = (time.GetUtcNow(), result);
            if (result.Fault is { } fault)
            {
                metrics.FaultFound();
                Log.FaultFound(logger, tenant.Value, fault.Sequence, fault.Text);
            }
            else
            {
                Log.Verified(logger, tenant.Value, result.Entries, result.Checkpoints);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.VerificationFailed(logger, exception);
        }
    }
}
