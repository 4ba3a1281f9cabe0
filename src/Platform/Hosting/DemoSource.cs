using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Hosting;

/// <summary>Registered as a singleton by the module that simulates traffic.</summary>
public sealed record DemoSource(Func<TenantId, DemoStatus> CurrentOf);
