using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security;

/// <summary>Who sent a request: the key itself, or a session that was opened with it.</summary>
public sealed class Caller
{
    private readonly string[] _scopes;

    internal Caller(Guid keyId, string name, string prefix, string[] scopes, DateTimeOffset? expiresAt, bool isSession = false)
    {
        KeyId = keyId;
        Name = name;
        Prefix = prefix;
        _scopes = scopes;
        ExpiresAt = expiresAt;
        IsSession = isSession;
    }

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
}
