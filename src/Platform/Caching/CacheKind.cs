using System.Text.Json;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Caching;

/// <summary>
/// What is cached under one name, for how long. Make one static instance for each name; two with one name are a fault. Values are shared by
/// all callers, so they must be immutable.
/// </summary>
public abstract class CacheKind
{
    /// <summary>Longest time to live, because tags are remembered for twice as long.</summary>
    public static readonly TimeSpan TimeToLiveMax = TimeSpan.FromHours(24);

    private protected CacheKind(string name, TimeSpan timeToLive)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || name.AsSpan().ContainsAny(":\n|, "))
        {
            throw new ArgumentException("At most 64 characters, without colons, commas, bars and blanks.", nameof(name));
        }

        CheckTime(timeToLive);
        Name = name;
        TimeToLive = timeToLive;
    }

    /// <summary>Stable: module and noun, such as <c>cards.balance</c>. Part of the keys in Redis and of metrics.</summary>
    public string Name { get; }

    /// <summary>How stale a value can get when every invalidation is lost.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>The same for "there is none"; zero for not to cache that. Default 10 s or the time to live, whichever is less.</summary>
    public TimeSpan NegativeTimeToLive
    {
        get => field == default ? Min(TimeSpan.FromSeconds(10), TimeToLive) : field == TimeSpan.MinValue ? TimeSpan.Zero : field;
        init
        {
            field = value == TimeSpan.Zero ? TimeSpan.MinValue : value;
            if (value != TimeSpan.Zero)
            {
                CheckTime(value);
            }
        }
    }

    /// <summary>Each time to live is shortened by a random share of up to this, so that what was loaded together doesn't end together.
    /// 0 to 0.5, default 0.1.</summary>
    public double Jitter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0.5);
            field = value;
        }
    } = 0.1;

    /// <summary>The key of one tenant's value.</summary>
    public CacheKey Key(TenantId tenant, Guid id) => new(this, tenant.Value, id, null);

    /// <summary>The key of one tenant's value: 1 to 200 characters, no control characters.</summary>
    public CacheKey Key(TenantId tenant, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        CacheKey.CheckText(id);
        return new CacheKey(this, tenant.Value, default, id);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static void CheckTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeToLiveMax);
    }
}

/// <summary>A kind with the type of its values. Changing the type's JSON means a new name, or waiting for the old values to end.</summary>
public sealed class CacheKind<T> : CacheKind
    where T : class
{
    private const byte Nothing = 0;
    private const byte Something = 1;

    /// <summary>Values travel to the second level as JSON.</summary>
    public CacheKind(string name, TimeSpan timeToLive)
        : base(name, timeToLive)
    {
    }

    internal static byte[] Encode(T? value)
    {
        if (value is null)
        {
            return [Nothing];
        }

        using MemoryStream stream = new();
        stream.WriteByte(Something);
        JsonSerializer.Serialize(stream, value, StrictJson.TypeInfo<T>());
        return stream.ToArray();
    }

    /// <summary>False for what another version of the program wrote and this one can't read.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> payload, out T? value)
    {
        value = null;
        if (payload is [Nothing])
        {
            return true;
        }

        try
        {
            value = payload is [Something, .. var json] ? JsonSerializer.Deserialize(json, StrictJson.TypeInfo<T>()) : null;
            return value is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
