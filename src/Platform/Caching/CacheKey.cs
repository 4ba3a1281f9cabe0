using System.Globalization;
using System.Runtime.CompilerServices;

namespace Iskra.Platform.Caching;

/// <summary>
/// Names one cached value: its kind, its tenant, its id. Made by <see cref="CacheKind"/>, so that no key is without a tenant.
/// </summary>
public readonly struct CacheKey : IEquatable<CacheKey>
{
    private const int TextMax = 200;
    private readonly int _tenant;
    private readonly Guid _id;
    private readonly string? _text;

    internal CacheKey(CacheKind kind, int tenant, Guid id, string? text)
    {
        Kind = kind;
        _tenant = tenant;
        _id = id;
        _text = text;
    }

    /// <summary>The kind that made it.</summary>
    public CacheKind Kind { get; }

    internal int Tenant => _tenant;

    /// <summary>The form in Redis and in messages: <c>g</c> or <c>s</c> (Guid or text), kind, tenant, id.</summary>
    internal string ToWire() => _text is null
        ? string.Create(CultureInfo.InvariantCulture, $"g{Kind.Name}:{_tenant}:{_id:N}")
        : string.Create(CultureInfo.InvariantCulture, $"s{Kind.Name}:{_tenant}:{_text}");

    /// <summary>Reads <see cref="ToWire"/>; false for what another version wrote, or a kind that this process doesn't use.</summary>
    internal static bool TryParse(ReadOnlySpan<char> wire, Func<string, CacheKind?> findKind, out CacheKey key)
    {
        key = default;
        int kindEnd = wire.IndexOf(':');
        int tenantEnd = kindEnd < 0 ? -1 : wire[(kindEnd + 1)..].IndexOf(':') + kindEnd + 1;
        if (tenantEnd <= kindEnd
            || !int.TryParse(wire[(kindEnd + 1)..tenantEnd], NumberStyles.None, CultureInfo.InvariantCulture, out int tenant)
            || findKind(wire[1..kindEnd].ToString()) is not { } kind)
        {
            return false;
        }

        ReadOnlySpan<char> id = wire[(tenantEnd + 1)..];
        if (wire[0] == 's')
        {
            key = new CacheKey(kind, tenant, default, id.ToString());
            return true;
        }

        bool isGuid = Guid.TryParseExact(id, "N", out Guid guid);
        key = new CacheKey(kind, tenant, guid, null);
        return isGuid && wire[0] == 'g';
    }

    internal static void CheckText(string text)
    {
        if (text.Length > TextMax || text.Any(char.IsControl))
        {
            throw new ArgumentException("At most 200 characters, none of them a control character.", nameof(text));
        }
    }

    /// <inheritdoc/>
    public bool Equals(CacheKey other) =>
        ReferenceEquals(Kind, other.Kind)
        && _tenant == other._tenant
        && _id == other._id
        && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        RuntimeHelpers.GetHashCode(Kind), _tenant, _text is null ? _id.GetHashCode() : _text.GetHashCode(StringComparison.Ordinal));

    /// <summary>Same value as <see cref="Equals(CacheKey)"/>.</summary>
    public static bool operator ==(CacheKey left, CacheKey right) => left.Equals(right);

    /// <summary>The opposite of <see cref="Equals(CacheKey)"/>.</summary>
    public static bool operator !=(CacheKey left, CacheKey right) => !left.Equals(right);
}
