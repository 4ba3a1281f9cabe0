using System.Net;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security.Users;

/// <summary>How a sign-in ended.</summary>
internal enum SignInOutcome
{
    Ok = 0,
    Failed = 1,
    Limited = 2,
    Busy = 3,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Caller">Who it is; null unless it is <see cref="SignInOutcome.Ok"/>.</param>
/// <param name="RetryAfter">For <see cref="SignInOutcome.Limited"/>.</param>
internal sealed record SignInResult(SignInOutcome Outcome, Caller? Caller = null, TimeSpan RetryAfter = default);

/// <summary>
/// Checks a user's password under the limits per address and per account. An unknown login, a disabled user and a wrong password take the
/// same time and give the same answer.
/// </summary>
internal sealed class UserSignIn(
    UserStore users,
    PasswordHasher hasher,
    AccountThrottle throttle,
    SignInLimiter limiter,
    SecurityMetrics metrics,
    ILogger<UserSignIn> logger)
{
    internal async Task<SignInResult> CheckAsync(
        string? tenantSlug, string login, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        string slug = tenantSlug is { Length: > 0 } ? tenantSlug : Tenant.DefaultSlug;
        string key = UserRules.LoginKey(login);
        if (password.Length > UserRules.PasswordLengthMax || key.Length > UserRules.LoginLengthMax || slug.Length > Tenant.SlugLengthMax)
        {
            return new SignInResult(SignInOutcome.Failed);
        }

        string account = $"{slug}/{key}";
        if (!limiter.TryTake(address, out TimeSpan wait) || !throttle.TryTake(account, address, out wait))
        {
            metrics.SignedIn("limited");
            Log.SignInLimited(logger, address);
            return new SignInResult(SignInOutcome.Limited, RetryAfter: wait);
        }

        UserRow? user = await users.FindByLoginAsync(slug, login, cancellationToken);
        PasswordCheck check = await hasher.CheckAsync(password, user?.PasswordHash, cancellationToken);
        if (check == PasswordCheck.Busy)
        {
            metrics.SignedIn("busy");
            return new SignInResult(SignInOutcome.Busy);
        }

        if (check == PasswordCheck.Wrong || user is not { IsGood: true })
        {
            metrics.SignedIn("failed");
            Log.SignInFailed(logger, address);
            await users.SignInFailedAsync(user?.Tenant ?? TenantId.Default, user?.Id, address, cancellationToken);
            return new SignInResult(SignInOutcome.Failed);
        }

        string? rehashed = check == PasswordCheck.RightButWeak ? await hasher.HashAsync(password, cancellationToken) : null;
        Caller caller = await users.SignedInAsync(user, rehashed, cancellationToken);
        throttle.Succeeded(account, address);
        limiter.Succeeded(address);
        metrics.SignedIn("ok");
        return new SignInResult(SignInOutcome.Ok, caller);
    }
}
