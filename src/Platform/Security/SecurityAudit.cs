using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>
/// The one place that every change of keys, users, roles, tenants and tokens passes, within the transaction of the change: it writes the
/// audit trail, and logs what was committed.
/// </summary>
internal sealed class SecurityAudit(AuditLog trail, ILogger<SecurityAudit> logger)
{
    /// <param name="session">Of the change itself: what is rolled back was never recorded.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="tenant">Where.</param>
    /// <param name="actor">Who did it; null for the program itself and for the person at the machine.</param>
    /// <param name="target">What it was done to: an opaque id, never a name.</param>
    /// <param name="details">More about it; sealed.</param>
    internal async Task RecordAsync(
        DbSession session,
        AuditEventKind kind,
        TenantId tenant,
        AuditActor? actor,
        string? target,
        IReadOnlyDictionary<string, string>? details = null)
    {
        AuditActor who = actor ?? AuditActor.System;
        AuditEntry entry = details is null
            ? new AuditEntry(tenant, kind) { Actor = who, Target = target }
            : new AuditEntry(tenant, kind) { Actor = who, Target = target, Details = details };
        await trail.AppendAsync(session, entry);
        session.OnCommitted(() => Log.Recorded(logger, kind, tenant.Value, target, who.Kind, who.Id));
    }

    /// <summary>The same, for a caller; null for the program itself and for the person at the machine.</summary>
    internal Task RecordAsync(DbSession session, AuditEventKind kind, TenantId tenant, Caller? by, string? target) =>
        RecordAsync(session, kind, tenant, by is null ? null : AuditActor.Of(by), target);
}
