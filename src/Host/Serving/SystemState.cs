using System.Reflection;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Host.Serving;

/// <summary>What the system says about itself.</summary>
internal sealed class SystemState(IEnumerable<SystemFact> facts, IEnumerable<DemoSource> demos, TimeProvider time)
{
    private readonly SystemFact[] _emptiness = [.. facts.Where(fact => fact.Name == SystemFact.Empty)];
    private readonly DemoSource? _demo = demos.FirstOrDefault();

    public static string Version { get; } =
        (typeof(SystemState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0")
            .Split('+')[0];

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public IReadOnlyList<string> Roles { get; set; } = [];

    public DemoStatus DemoOf(TenantId tenant) => _demo?.CurrentOf(tenant) ?? new DemoStatus(Running: false, Speed: null);

    /// <summary>True when no module holds data of the tenant's.</summary>
    public async Task<bool> IsEmptyAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        foreach (SystemFact fact in _emptiness)
        {
            if (!await fact.IsTrueAsync(tenant, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
