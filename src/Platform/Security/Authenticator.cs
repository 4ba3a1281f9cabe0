using Iskra.Platform.Data;

namespace Iskra.Platform.Security;

/// <summary>Says who a key or a session id belongs to.</summary>
internal sealed class Authenticator(ApiKeys keys, Sessions sessions, CallerCache cache, KeyUsage usage, TimeProvider time)
{
    private const int SessionIdLength = 64;

    /// <summary>The caller with this key; null when it is unknown, revoked or expired.</summary>
    internal ValueTask<Caller?> ByKeyAsync(string key, CancellationToken cancellationToken) =>
        ApiKeyFormat.IsPlausible(key) ? FindAsync(Hash256.Of(key), isSession: false, cancellationToken) : default;

    /// <summary>The caller whose session this is; null when it is unknown or has ended.</summary>
    internal ValueTask<Caller?> BySessionAsync(string id, CancellationToken cancellationToken) =>
        id.Length == SessionIdLength ? FindAsync(Hash256.Of(id), isSession: true, cancellationToken) : default;

    private ValueTask<Caller?> FindAsync(Hash256 hash, bool isSession, CancellationToken cancellationToken)
    {
        if (cache.TryGet(hash, out Caller? caller) && caller.IsSession == isSession)
        {
            usage.Touch(caller.KeyId);
            return new ValueTask<Caller?>(caller);
        }

        return ReadAsync(hash, isSession, cancellationToken);
    }

    private async ValueTask<Caller?> ReadAsync(Hash256 hash, bool isSession, CancellationToken cancellationToken)
    {
        long generation = cache.Generation;
        KeyRow? row = isSession ? await sessions.FindAsync(hash, cancellationToken) : await keys.FindAsync(hash, cancellationToken);
        if (row is null
            || !Hash256.From(row.SessionHash ?? row.KeyHash).FixedTimeEquals(hash)
            || !row.IsGoodAt(time.NowMicroseconds()))
        {
            return null;
        }

        Caller caller = row.ToCaller();
        cache.Add(hash, row, caller, generation);
        usage.Touch(caller.KeyId);
        return caller;
    }
}
