using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>
/// The one place that every change of keys, users, roles, tenants and tokens passes, within the transaction of the change. It logs what
/// was committed; a trail that must not lose an entry is written here as well, with the same session.
/// </summary>
internal sealed class SecurityAudit(ILogger<SecurityAudit> logger)
{
    /// <param name="session">Of the change itself: what is rolled back was never recorded.</param>
    /// <param name="action">What happened.</param>
    /// <param name="tenant">Where.</param>
    /// <param name="by">Who did it; null for the program itself and for the person at the machine.</param>
    /// <param name="subject">The id of the key, user, tenant or family.</param>
    internal Task RecordAsync(DbSession session, SecurityAction action, TenantId tenant, Caller? by, Guid? subject)
    {
        session.OnCommitted(() => Log.Recorded(logger, action, tenant.Value, subject, by?.Id, by?.Kind));
        return Task.CompletedTask;
    }
}
