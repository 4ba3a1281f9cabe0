namespace Iskra.Platform.Tenancy;

/// <summary>What of a tenant is to change; a field that is left out stays.</summary>
internal sealed record TenantChanges(string? Name = null, bool? Disabled = null);
