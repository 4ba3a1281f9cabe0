using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>
/// Verified keys, sessions and access tokens, for a short time, so that a request costs no read of the database. Bounded; thread-safe. A
/// verification
/// that began before a revocation can't put the revoked key back: <see cref="Add"/> takes the generation from before the read.
/// </summary>
internal sealed class CallerCache
{
    private readonly ConcurrentDictionary<Hash256, Entry> _entries = new();
    private readonly SecurityOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _generation;

    public CallerCache(IOptions<SecurityOptions> options, TimeProvider time, SecurityMetrics metrics)
    {
        _options = options.Value;
        _time = time;
        metrics.ObserveCache(() => _entries.Count, _options.CacheEntriesMax);
    }

    internal long Generation => Interlocked.Read(ref _generation);

    internal bool TryGet(Hash256 hash, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (!_entries.TryGetValue(hash, out Entry? entry) || !entry.Hash.FixedTimeEquals(hash))
        {
            return false;
        }

        if (_time.GetElapsedTime(entry.VerifiedAt) >= _options.CacheTime || entry.EndsAt <= _time.NowMicroseconds())
        {
            _entries.TryRemove(hash, out _);
            return false;
        }

        caller = entry.Caller;
        return true;
    }

    internal void Add(Hash256 hash, Caller caller, long generation)
    {
        lock (_lock)
        {
            if (generation != _generation || _options.CacheTime == TimeSpan.Zero)
            {
                return;
            }

            if (_entries.Count >= _options.CacheEntriesMax)
            {
                // A full cache is dropped whole: rare, and simpler to be right about than an order of use.
                _entries.Clear();
            }

            long endsAt = caller.ExpiresAt is { } end ? Instants.ToMicroseconds(end) : long.MaxValue;
            _entries[hash] = new Entry(hash, caller, _time.GetTimestamp(), endsAt);
        }
    }

    /// <summary>Forgets every caller that a revocation is about: a key or a user with their sessions and tokens, a tenant's, a family's
    /// tokens, one token.</summary>
    internal void Forget(RevocationKind kind, TenantId tenant, Guid subject)
    {
        lock (_lock)
        {
            _generation++;
            foreach ((Hash256 hash, Entry entry) in _entries)
            {
                if (IsAbout(entry.Caller, kind, tenant, subject))
                {
                    _entries.TryRemove(hash, out _);
                }
            }
        }
    }

    internal void Forget(Hash256 hash)
    {
        lock (_lock)
        {
            _generation++;
            _entries.TryRemove(hash, out _);
        }
    }

    private static bool IsAbout(Caller caller, RevocationKind kind, TenantId tenant, Guid subject) => kind switch
    {
        RevocationKind.Key => caller.KeyId == subject,
        RevocationKind.User => caller.UserId == subject,
        RevocationKind.Tenant => caller.Tenant == tenant,
        RevocationKind.Family => caller.FamilyId == subject,
        RevocationKind.Token => caller.TokenId == subject,
        _ => true,
    };

    private sealed record Entry(Hash256 Hash, Caller Caller, long VerifiedAt, long EndsAt);
}
