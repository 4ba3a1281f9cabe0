using System.Globalization;
using System.Runtime.CompilerServices;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Limits;

/// <summary>Whether the caller is known where the limits are checked.</summary>
internal enum RateLimitStage
{
    /// <summary>Before authentication: the address.</summary>
    Address = 0,

    /// <summary>After authentication: key, user, tenant.</summary>
    Caller = 1,
}

/// <summary>
/// Answers 429 to a request beyond a limit, and tells every caller where it stands: <c>RateLimit-Policy</c> and <c>RateLimit</c>
/// (draft-ietf-httpapi-ratelimit-headers-10), the older <c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>, and <c>Retry-After</c>
/// (RFC 9110).
/// </summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next,
    RateLimitStage stage,
    RateLimits limits,
    RateLimitPolicies policies,
    IOptions<RateLimitOptions> options,
    HostingMetrics hosting,
    ILogger<RateLimitMiddleware> logger)
{
    private static readonly object ResultsKey = new();

    private readonly PathString[] _excluded = [.. options.Value.ExcludedPaths.Select(path => new PathString(path))];

    public async Task InvokeAsync(HttpContext context)
    {
        if (Array.Exists(_excluded, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        LimitSubject subject = LimitSubject.Of(context);
        RateLimitCheck[] checks = stage == RateLimitStage.Address ? policies.BeforeCaller(subject) : policies.OfCaller(subject);
        if (checks.Length == 0)
        {
            await next(context);
            return;
        }

        RateLimitResult[] results = await limits.TakeAsync(checks);
        RateLimitResult[] all = context.Items.TryGetValue(ResultsKey, out object? before)
            ? [.. (RateLimitResult[])before!, .. results]
            : results;
        context.Items[ResultsKey] = all;
        WriteHeaders(context.Response.Headers, all);
        int refused = Array.FindIndex(results, result => !result.IsAllowed);
        if (refused < 0)
        {
            await next(context);
            return;
        }

        RateLimitResult refusal = results[refused];
        Log.Limited(logger, refusal.Policy.Name);
        hosting.Rejected("rate-limited");
        await Refusal(refusal).ExecuteAsync(context);
    }

    internal static void WriteHeaders(IHeaderDictionary headers, ReadOnlySpan<RateLimitResult> results)
    {
        RateLimitResult tightest = results[0];
        DefaultInterpolatedStringHandler policy = new(0, 0, CultureInfo.InvariantCulture);
        for (int index = 0; index < results.Length; index++)
        {
            RateLimitResult result = results[index];
            policy.AppendFormatted(index == 0 ? "" : ", ");
            policy.AppendFormatted($"\"{result.Policy.Name}\";q={result.Policy.Permits};w={result.Policy.WindowSeconds}");
            if (Share(result) < Share(tightest))
            {
                tightest = result;
            }
        }

        long reset = (long)Math.Ceiling(tightest.Reset.TotalSeconds);
        headers["RateLimit-Policy"] = policy.ToStringAndClear();
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"{tightest.Policy.Name}\";r={tightest.Remaining};t={reset}");
        headers["RateLimit-Limit"] = tightest.Policy.Permits.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = tightest.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How much is left of a limit; a refusal is less than anything left.</summary>
    private static double Share(in RateLimitResult result) => result.IsAllowed ? (double)result.Remaining / result.Policy.Permits : -1;

    private static ProblemResult Refusal(in RateLimitResult refusal) => Problems.Create(
        StatusCodes.Status429TooManyRequests,
        "rate-limited",
        "Too many requests",
        $"The limit '{refusal.Policy.Name}' is used up; nothing was done. The header Retry-After says when the next request fits.",
        retryAfter: refusal.RetryAfter);
}
