using System.Net;
using Iskra.Platform.Security.Users;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>Checks an API key that someone signs in with, or that a program shows the token endpoint, under the limit per
/// address.</summary>
internal sealed class KeySignIn(
    Authenticator authenticator, SignInLimiter limiter, UserStore users, SecurityMetrics metrics, ILogger<KeySignIn> logger)
{
    internal async Task<SignInResult> CheckAsync(string key, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!limiter.TryTake(address, out TimeSpan wait))
        {
            metrics.SignedIn("limited");
            Log.SignInLimited(logger, address);
            return new SignInResult(SignInOutcome.Limited, RetryAfter: wait);
        }

        if (await authenticator.ByKeyAsync(key.AsSpan().Trim(), cancellationToken) is not { } caller)
        {
            metrics.SignedIn("failed");
            Log.SignInFailed(logger, address);
            await users.SignInFailedAsync(Tenancy.TenantId.Default, null, address, cancellationToken);
            return new SignInResult(SignInOutcome.Failed);
        }

        limiter.Succeeded(address);
        metrics.SignedIn("ok");
        Log.SignedIn(logger, caller.Prefix, address);
        return new SignInResult(SignInOutcome.Ok, caller);
    }
}
