namespace Iskra.Platform.Tenancy;

/// <param name="Slug">As <see cref="Tenant"/> has it.</param>
/// <param name="Name">As <see cref="Tenant"/> has it.</param>
/// <param name="WithAdminKey">Whether to make its first key, with the scope <c>admin</c>.</param>
internal sealed record NewTenantRequest(string Slug, string Name, bool WithAdminKey = false);
