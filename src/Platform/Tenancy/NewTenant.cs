using Iskra.Platform.Security;

namespace Iskra.Platform.Tenancy;

/// <param name="Tenant">What was made.</param>
/// <param name="AdminKey">Its first key, shown this once; null unless it was asked for.</param>
internal sealed record NewTenant(Tenant Tenant, NewApiKey? AdminKey);
