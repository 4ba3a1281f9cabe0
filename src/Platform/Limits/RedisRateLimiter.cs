using System.Globalization;
using Iskra.Platform.Redis;

namespace Iskra.Platform.Limits;

/// <summary>
/// Counts in Redis: all limits of a request in one script, by the server's clock, so that any number of processes together allow exactly
/// what the limit says. When one limit refuses, none is charged. Thread-safe.
/// </summary>
internal sealed class RedisRateLimiter(RedisClient client)
{
    /// <summary>
    /// KEYS: one for each limit. ARGV: microseconds of one permit and of all, in turn. Answers the number of the first limit that refuses
    /// (0 for none), then the used-up microseconds of each. Seconds count from 2023, because Lua's numbers are exact up to 2^53 alone.
    /// A value further ahead than the limit allows comes from a clock that was set back.
    /// </summary>
    private static readonly RedisScript Script = new("""
        local time = redis.call('TIME')
        local now = (tonumber(time[1]) - 1672531200) * 1000000 + tonumber(time[2])
        local refused = 0
        local answer = {0}
        for i = 1, #KEYS do
          local interval = tonumber(ARGV[2 * i - 1])
          local burst = tonumber(ARGV[2 * i])
          local at = tonumber(redis.call('GET', KEYS[i]) or now)
          if at < now then at = now end
          if at > now + burst then at = now + burst end
          answer[i + 1] = at - now
          if at + interval - now > burst and refused == 0 then refused = i end
        end
        answer[1] = refused
        if refused == 0 then
          for i = 1, #KEYS do
            local used = answer[i + 1] + tonumber(ARGV[2 * i - 1])
            answer[i + 1] = used
            redis.call('SET', KEYS[i], string.format('%.0f', now + used), 'PX', math.ceil(used / 1000))
          end
        end
        return answer
        """);

    /// <summary>Takes one permit of each limit, or none; the results are in the checks' order.</summary>
    /// <exception cref="RedisException">There is no answer.</exception>
    public async Task<RateLimitResult[]> TakeAsync(ReadOnlyMemory<RateLimitCheck> checks)
    {
        int count = checks.Length;
        RedisArgument[] arguments = new RedisArgument[3 * count];
        for (int index = 0; index < count; index++)
        {
            RateLimitCheck check = checks.Span[index];
            arguments[index] = string.Create(CultureInfo.InvariantCulture, $"{client.Prefix}limit:{check.Policy.Name}:{check.Id:x}");
            arguments[count + (2 * index)] = check.Policy.Interval;
            arguments[count + (2 * index) + 1] = check.Policy.Burst;
        }

        RedisReply reply = await client.EvaluateAsync(Script, count, arguments);
        if (reply.Items.Length != count + 1)
        {
            throw new RedisException(RedisFault.Protocol, "Redis answered a limit's script with something else.");
        }

        RateLimitResult[] results = new RateLimitResult[count];
        bool isAllowed = reply.Items[0].Integer == 0;
        for (int index = 0; index < count; index++)
        {
            RateLimitPolicy policy = checks.Span[index].Policy;
            long used = reply.Items[index + 1].Integer;
            results[index] = policy.Result(isAllowed || used + policy.Interval <= policy.Burst, used);
        }

        return results;
    }
}
