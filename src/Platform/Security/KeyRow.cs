using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>A row of <c>security_keys</c> (for a session: of its key, with the session's own end).</summary>
internal sealed class KeyRow
{
    internal const string Columns = "id, tenant_id, prefix, key_hash, name, scopes, created_at, expires_at, revoked_at, "
        + "revoked_reason, last_used_at";

    public Guid Id { get; set; }

    public int TenantId { get; set; } = 1;

    public string Prefix { get; set; } = "";

    public byte[] KeyHash { get; set; } = [];

    public string Name { get; set; } = "";

    public string Scopes { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    public int? RevokedReason { get; set; }

    public long? LastUsedAt { get; set; }

    /// <summary>For a session: its hashed id; null for a key.</summary>
    public byte[]? SessionHash { get; set; }

    public long? SessionExpiresAt { get; set; }

    internal bool IsGoodAt(long now) => RevokedAt is null && (EndsAt is not { } end || end > now);

    internal long? EndsAt => (ExpiresAt, SessionExpiresAt) switch
    {
        ({ } key, { } session) => Math.Min(key, session),
        var (key, session) => key ?? session,
    };

    internal Caller ToCaller() => new(
        new TenantId(TenantId),
        Id,
        Name,
        Prefix,
        Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Instant(EndsAt),
        SessionHash is not null);

    internal ApiKey ToApiKey() => new(
        Id,
        Name,
        Prefix,
        Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Instants.FromMicroseconds(CreatedAt),
        Instant(ExpiresAt),
        Instant(RevokedAt),
        Instant(LastUsedAt));

    private static DateTimeOffset? Instant(long? microseconds) => microseconds is { } value ? Instants.FromMicroseconds(value) : null;
}
