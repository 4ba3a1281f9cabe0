using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>A row of <c>security_keys</c> with its tenant's state (for a session: with the session's own end).</summary>
internal sealed class KeyRow
{
    /// <summary>To be read from <c>security_keys k join tenants t</c>.</summary>
    internal const string Columns = "k.id, k.tenant_id, k.prefix, k.key_hash, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at, "
        + "k.revoked_reason, k.last_used_at, t.slug as tenant_slug, t.disabled_at as tenant_disabled_at";

    public Guid Id { get; set; }

    public int TenantId { get; set; } = 1;

    public string TenantSlug { get; set; } = "";

    public long? TenantDisabledAt { get; set; }

    public string Prefix { get; set; } = "";

    public byte[] KeyHash { get; set; } = [];

    public string Name { get; set; } = "";

    public string Scopes { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    public int? RevokedReason { get; set; }

    public long? LastUsedAt { get; set; }

    /// <summary>For a session: its own end.</summary>
    public long? SessionExpiresAt { get; set; }

    /// <summary>Not revoked, and its tenant isn't disabled; its end is looked at by whoever uses the caller.</summary>
    internal bool IsGood => RevokedAt is null && TenantDisabledAt is null;

    internal long? EndsAt => (ExpiresAt, SessionExpiresAt) switch
    {
        ({ } key, { } session) => Math.Min(key, session),
        var (key, session) => key ?? session,
    };

    internal Caller ToCaller() =>
        new(
            SessionExpiresAt is null ? CallerKind.Key : CallerKind.Session,
            new TenantId(TenantId),
            TenantSlug,
            Name,
            Security.Scopes.Split(Scopes))
        {
            KeyId = Id,
            Prefix = Prefix,
            ExpiresAt = Instant(EndsAt),
        };

    internal ApiKey ToApiKey() => new(
        Id,
        Name,
        Prefix,
        Security.Scopes.Split(Scopes),
        Instants.FromMicroseconds(CreatedAt),
        Instant(ExpiresAt),
        Instant(RevokedAt),
        Instant(LastUsedAt));

    private static DateTimeOffset? Instant(long? microseconds) => microseconds is { } value ? Instants.FromMicroseconds(value) : null;
}
