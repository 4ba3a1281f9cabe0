using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Users;

/// <summary>A row of <c>security_users</c> with its tenant's state (for a session or a family: with their own ends).</summary>
internal sealed class UserRow
{
    /// <summary>To be read from <c>security_users u join tenants t</c>.</summary>
    internal const string Columns = "u.id, u.tenant_id, u.login, u.display_name, u.password_hash, u.roles, u.scopes, u.stamp, "
        + "u.created_at, u.disabled_at, u.password_changed_at, u.last_sign_in_at, "
        + "t.slug as tenant_slug, t.disabled_at as tenant_disabled_at";

    public Guid Id { get; set; }

    public int TenantId { get; set; }

    public string TenantSlug { get; set; } = "";

    public long? TenantDisabledAt { get; set; }

    public string Login { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string? PasswordHash { get; set; }

    public string Roles { get; set; } = "";

    public string Scopes { get; set; } = "";

    public int Stamp { get; set; }

    public long CreatedAt { get; set; }

    public long? DisabledAt { get; set; }

    public long? PasswordChangedAt { get; set; }

    public long? LastSignInAt { get; set; }

    /// <summary>For a session: its end.</summary>
    public long? SessionExpiresAt { get; set; }

    internal bool IsGood => DisabledAt is null && TenantDisabledAt is null;

    internal TenantId Tenant => new(TenantId);

    internal User ToUser() => new(
        Id,
        Login,
        DisplayName,
        Security.Scopes.Split(Roles),
        Security.Scopes.Split(Scopes),
        PasswordHash is not null,
        Instants.FromMicroseconds(CreatedAt),
        Instant(DisabledAt),
        Instant(PasswordChangedAt),
        Instant(LastSignInAt));

    internal static DateTimeOffset? Instant(long? microseconds) =>
        microseconds is { } value ? Instants.FromMicroseconds(value) : null;
}
