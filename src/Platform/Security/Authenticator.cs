using Iskra.Platform.Security.Tokens;

namespace Iskra.Platform.Security;

/// <summary>Says who a key, a session id or an access token belongs to.</summary>
internal sealed class Authenticator(
    ApiKeys keys, Sessions sessions, AccessTokens tokens, CallerCache cache, KeyUsage usage, TimeProvider time)
{
    private const int SessionIdLength = 64;

    /// <summary>The caller with this key or access token; null when it is unknown, revoked or expired. A key is shorter than any token
    /// that we give.</summary>
    internal ValueTask<Caller?> ByBearerAsync(ReadOnlyMemory<char> bearer, CancellationToken cancellationToken)
    {
        if (bearer.Length <= ApiKeyFormat.LengthMax)
        {
            return ByKeyAsync(bearer.Span, cancellationToken);
        }

        return Hash256.TryOfAscii(bearer.Span, AccessTokens.LengthMax, out Hash256 hash)
            ? FindAsync(hash, CallerKind.Token, bearer, cancellationToken)
            : default;
    }

    /// <summary>The caller with this key; null when it is unknown, revoked or expired.</summary>
    internal ValueTask<Caller?> ByKeyAsync(ReadOnlySpan<char> key, CancellationToken cancellationToken) =>
        ApiKeyFormat.IsPlausible(key) ? FindAsync(Hash256.Of(key), CallerKind.Key, default, cancellationToken) : default;

    /// <summary>The caller whose session this is; null when it is unknown or has ended.</summary>
    internal ValueTask<Caller?> BySessionAsync(string id, CancellationToken cancellationToken) =>
        id.Length == SessionIdLength ? FindAsync(Hash256.Of(id), CallerKind.Session, default, cancellationToken) : default;

    private ValueTask<Caller?> FindAsync(Hash256 hash, CallerKind kind, ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (cache.TryGet(hash, out Caller? caller) && caller.Kind == kind)
        {
            Touch(caller);
            return new ValueTask<Caller?>(caller);
        }

        return ReadAsync(hash, kind, token, cancellationToken);
    }

    private async ValueTask<Caller?> ReadAsync(
        Hash256 hash, CallerKind kind, ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        // Before anything is looked at: what is revoked from here on is not put into the cache.
        long generation = cache.Generation;
        Caller? caller = kind switch
        {
            CallerKind.Token => await tokens.FindAsync(token, cancellationToken),
            CallerKind.Session => await sessions.FindAsync(hash, cancellationToken),
            _ => await keys.FindAsync(hash, cancellationToken) is { IsGood: true } row
                && Hash256.From(row.KeyHash).FixedTimeEquals(hash) ? row.ToCaller() : null,
        };
        if (caller is null || caller.ExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        cache.Add(hash, caller, generation);
        Touch(caller);
        return caller;
    }

    private void Touch(Caller caller)
    {
        if (caller.KeyId is { } key)
        {
            usage.Touch(key);
        }
    }
}
