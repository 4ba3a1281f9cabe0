using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security;

/// <summary>Who sent a request: the key itself, or a session that was opened with it.</summary>
public sealed class Caller
{
    private readonly string[] _scopes;

    internal Caller(
        TenantId tenant, Guid keyId, string name, string prefix, string[] scopes, DateTimeOffset? expiresAt, bool isSession = false)
    {
        Tenant = tenant;
        KeyId = keyId;
        Name = name;
        Prefix = prefix;
        _scopes = scopes;
        ExpiresAt = expiresAt;
        IsSession = isSession;
    }

    /// <summary>Whose data the caller sees; there is no way to see another's with the same key.</summary>
    public TenantId Tenant { get; }

    public Guid KeyId { get; }

    public string Name { get; }

    public string Prefix { get; }

    public IReadOnlyList<string> Scopes => _scopes;

    /// <summary>When the key or the session ends, whichever is first; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>True for a browser that signed in, false for a program that sent its key.</summary>
    public bool IsSession { get; }

    /// <summary>Whether the caller may do what needs <paramref name="scope"/>.</summary>
    public bool Has(string scope) =>
        scope == Security.Scopes.Authenticated || Array.IndexOf(_scopes, Security.Scopes.Admin) >= 0 || Array.IndexOf(_scopes, scope) >= 0;
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
