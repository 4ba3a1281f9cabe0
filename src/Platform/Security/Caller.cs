using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security;

/// <summary>
/// Who sent a request: an API key or a user, shown by the key itself, a session or an access token. Immutable, and shared by the requests
/// of the same key, session or token.
/// </summary>
public sealed class Caller
{
    private readonly string[] _scopes;
    private readonly string[] _roles;

    internal Caller(CallerKind kind, TenantId tenant, string tenantSlug, string name, string[] scopes, string[]? roles = null)
    {
        Kind = kind;
        Tenant = tenant;
        TenantSlug = tenantSlug;
        Name = name;
        _scopes = scopes;
        _roles = roles ?? [];
    }

    public CallerKind Kind { get; }

    /// <summary>Whose data the caller sees; there is no way to see another's with the same key.</summary>
    public TenantId Tenant { get; }

    /// <summary>The tenant's short name; it never changes.</summary>
    public string TenantSlug { get; }

    /// <summary>The key that acts; null for a user.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The user who acts; null for a key.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The key's or the user's id, whichever acts: stable over sessions and tokens, so that limits can count by it.</summary>
    public Guid Id => KeyId ?? UserId ?? Guid.Empty;

    /// <summary>The key's name, or the user's display name.</summary>
    public string Name { get; }

    /// <summary>What people tell callers apart by, in logs too: a key's prefix, or a user's login.</summary>
    public string Prefix { get; init; } = "";

    public IReadOnlyList<string> Scopes => _scopes;

    /// <summary>A user's roles; empty for a key, and for a token, which names scopes alone.</summary>
    public IReadOnlyList<string> Roles => _roles;

    /// <summary>When the key, the session or the token ends, whichever is first; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True for a browser that signed in, false for a program that sent its key or token.</summary>
    public bool IsSession => Kind == CallerKind.Session;

    /// <summary>A user's count of password and rights changes: what was given under an earlier one is worthless.</summary>
    internal int Stamp { get; init; }

    /// <summary>The family of refresh tokens that an access token came from.</summary>
    internal Guid? FamilyId { get; init; }

    /// <summary>An access token's <c>jti</c>.</summary>
    internal Guid? TokenId { get; init; }

    /// <summary>
    /// Whether the caller may do what needs <paramref name="scope"/>. <see cref="Security.Scopes.Admin"/> implies every scope of the
    /// tenant; <see cref="Security.Scopes.System"/>, which is the installation's, nothing but itself.
    /// </summary>
    public bool Has(string scope)
    {
        if (scope == Security.Scopes.Authenticated)
        {
            return true;
        }

        return (Tenant == TenantId.Default || !Security.Scopes.IsOfInstallation(scope))
            && (Array.IndexOf(_scopes, scope) >= 0
                || (scope != Security.Scopes.System && Array.IndexOf(_scopes, Security.Scopes.Admin) >= 0));
    }
}

/// <summary>Finds who calls.</summary>
public static class CallerExtensions
{
    /// <summary>The caller of an endpoint that requires a scope; null on one that is open to anyone.</summary>
    public static Caller? GetCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>();
    }

    /// <summary>
    /// Whose data this request may touch: the caller's tenant. On an endpoint that is open on the loopback address and was called without a
    /// key, the default tenant.
    /// </summary>
    public static TenantId GetTenant(this HttpContext context) => context.GetCaller()?.Tenant ?? TenantId.Default;
}
