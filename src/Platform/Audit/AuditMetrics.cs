using System.Diagnostics.Metrics;

namespace Iskra.Platform.Audit;

/// <summary>Instruments of the audit trail.</summary>
public sealed class AuditMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Audit";

    private readonly Counter<long> _appended;
    private readonly Counter<long> _linked;
    private readonly Counter<long> _checkpoints;
    private readonly Counter<long> _faults;

    public AuditMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Meter meter = factory.Create(MeterName);
        _appended = meter.CreateCounter<long>("iskra.audit.entries.appended", "{entry}", "Entries written with their changes.");
        _linked = meter.CreateCounter<long>("iskra.audit.entries.linked", "{entry}", "Entries linked into their tenant's chain.");
        _checkpoints = meter.CreateCounter<long>("iskra.audit.checkpoints", "{checkpoint}", "Signed checkpoints made.");
        _faults = meter.CreateCounter<long>("iskra.audit.faults", "{fault}", "Differences that a verification found.");
        meter.CreateObservableGauge("iskra.audit.pending.age", () => PendingAge, "s", "Age of the oldest entry that waits to be linked.");
    }

    /// <summary>Seconds.</summary>
    internal double PendingAge { get; set; }

    internal void Appended() => _appended.Add(1);

    internal void Linked(int entries) => _linked.Add(entries);

    internal void CheckpointMade() => _checkpoints.Add(1);

    internal void FaultFound() => _faults.Add(1);
}
