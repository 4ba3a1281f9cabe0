using Microsoft.Extensions.Options;

namespace Iskra.Platform.Limits;

/// <summary>The limits that are switched on.</summary>
internal sealed class RateLimitPolicies(IOptions<RateLimitOptions> options)
{
    public RateLimitPolicy? Address { get; } = Create("address", 0, options.Value, options.Value.PermitsPerAddress);

    public RateLimitPolicy? Tenant { get; } = Create("tenant", 1, options.Value, options.Value.PermitsPerTenant);

    public RateLimitPolicy? User { get; } = Create("user", 2, options.Value, options.Value.PermitsPerUser);

    public RateLimitPolicy? Key { get; } = Create("key", 3, options.Value, options.Value.PermitsPerKey);

    /// <summary>What is checked before the caller is known.</summary>
    public RateLimitCheck[] BeforeCaller(LimitSubject subject) =>
        Address is null ? [] : [new RateLimitCheck(Address, subject.Address)];

    /// <summary>What is checked once the caller is known; nothing for one who isn't.</summary>
    public RateLimitCheck[] OfCaller(LimitSubject subject)
    {
        List<RateLimitCheck> checks = new(3);
        Add(checks, Key, subject.Key);
        Add(checks, User, subject.User);
        Add(checks, Tenant, subject.Tenant);
        return [.. checks];
    }

    private static void Add(List<RateLimitCheck> checks, RateLimitPolicy? policy, UInt128? id)
    {
        if (policy is not null && id is { } known)
        {
            checks.Add(new RateLimitCheck(policy, known));
        }
    }

    private static RateLimitPolicy? Create(string name, int number, RateLimitOptions options, int permits) =>
        options.Enabled && permits > 0 ? new RateLimitPolicy(name, number, permits, options.Window) : null;
}
