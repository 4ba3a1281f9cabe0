using Iskra.Platform.Redis;

namespace Iskra.Platform.Caching;

/// <summary>
/// What Redis does in one step. An entry is <c>V</c>, the versions of its kind and tags, a line feed and the value; or a lease: <c>L</c>,
/// its token, <c>|</c> and the versions as they were when the load began.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// KEYS: entry, kind, tags. ARGV: a new token, milliseconds of a lease, milliseconds that versions are kept. Answers the entry and its
    /// time left, or <c>L</c> when another loads, or grants the lease and answers nothing. A version that is missing gets a new random
    /// one, so that losing it can only lose values, never bring old ones back.
    /// </summary>
    public static readonly RedisScript Read = new("""
        local entry = redis.call('GET', KEYS[1])
        local versions = ''
        for i = 2, #KEYS do
          local version = redis.call('GET', KEYS[i])
          if not version then
            version = ARGV[1]
            redis.call('SET', KEYS[i], version, 'PX', ARGV[3])
          end
          versions = versions .. version .. ','
        end
        if entry then
          local first = string.byte(entry, 1)
          if first == 86 and string.sub(entry, 2, #versions + 2) == versions .. '\n' then
            return {entry, redis.call('PTTL', KEYS[1])}
          end
          if first == 76 and string.sub(entry, -#versions - 1) == '|' .. versions then
            return {'L', redis.call('PTTL', KEYS[1])}
          end
        end
        redis.call('SET', KEYS[1], 'L' .. ARGV[1] .. '|' .. versions, 'PX', ARGV[2])
        return {'', 0}
        """);

    /// <summary>KEYS: entry. ARGV: token, value, milliseconds to live. Stores only while the lease stands: 1, else 0.</summary>
    public static readonly RedisScript Write = new("""
        local entry = redis.call('GET', KEYS[1])
        local head = 'L' .. ARGV[1] .. '|'
        if not entry or string.sub(entry, 1, #head) ~= head then
          return 0
        end
        redis.call('SET', KEYS[1], 'V' .. string.sub(entry, #head + 1) .. '\n' .. ARGV[2], 'PX', ARGV[3])
        return 1
        """);

    /// <summary>KEYS: entry. ARGV: token. Gives a lease back, so that nobody waits for a load that failed.</summary>
    public static readonly RedisScript Release = new("""
        local entry = redis.call('GET', KEYS[1])
        local head = 'L' .. ARGV[1] .. '|'
        if entry and string.sub(entry, 1, #head) == head then
          return redis.call('DEL', KEYS[1])
        end
        return 0
        """);
}
