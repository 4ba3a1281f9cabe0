using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Hosting;

/// <summary>A module's part of the answer to a question about the system as a tenant sees it; registered as a singleton.</summary>
/// <param name="Name">The question, for instance <see cref="Empty"/>.</param>
/// <param name="IsTrueAsync">The module's answer for a tenant, now; cheap (an EXISTS query at most).</param>
public sealed record SystemFact(string Name, Func<TenantId, CancellationToken, Task<bool>> IsTrueAsync)
{
    /// <summary>"Does this module hold no data of a tenant's yet?" The system is empty when every module says yes.</summary>
    public const string Empty = "empty";
}
