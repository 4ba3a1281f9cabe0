using System.Net;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Users;

/// <summary>
/// Slows guesses at one account down, from wherever they come: after a few failures each further one doubles the wait, up to a small
/// limit, so that an attacker can't keep its owner out for long. An address that signed in to the account before isn't slowed here: the
/// limit per address still holds for it. In memory, so each replica counts for itself. Thread-safe, bounded.
/// </summary>
internal sealed class AccountThrottle(IOptions<PasswordOptions> options, TimeProvider time)
{
    private const int TrustedMax = 4;

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Takes one attempt, counted as failed until <see cref="Succeeded"/>; false, with the time to wait, when it comes too
    /// early.</summary>
    internal bool TryTake(string account, IPAddress? address, out TimeSpan retryAfter)
    {
        DateTimeOffset now = time.GetUtcNow();
        UInt128 network = SignInLimiter.KeyOf(address);
        lock (_lock)
        {
            if (!_accounts.TryGetValue(account, out Account? entry))
            {
                MakeRoom(now);
                _accounts[account] = entry = new Account();
            }

            if (now - entry.LastAt > options.Value.ForgetAfter)
            {
                entry.Failures = 0;
                entry.OpenAt = now;
            }

            retryAfter = entry.OpenAt - now;
            if (retryAfter > TimeSpan.Zero && !entry.Trusted.Contains(network))
            {
                return false;
            }

            retryAfter = TimeSpan.Zero;
            entry.LastAt = now;
            entry.Failures++;
            int over = entry.Failures - options.Value.FreeFailures;
            if (over >= 0)
            {
                TimeSpan delay = TimeSpan.FromSeconds(1L << Math.Min(over, 20));
                entry.OpenAt = now + (delay < options.Value.DelayMax ? delay : options.Value.DelayMax);
            }

            return true;
        }
    }

    /// <summary>The account's owner is in: its failures are forgotten and the address is remembered.</summary>
    internal void Succeeded(string account, IPAddress? address)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(account, out Account? entry))
            {
                return;
            }

            entry.Failures = 0;
            entry.OpenAt = default;
            UInt128 network = SignInLimiter.KeyOf(address);
            entry.Trusted.Remove(network);
            entry.Trusted.Add(network);
            if (entry.Trusted.Count > TrustedMax)
            {
                entry.Trusted.RemoveAt(0);
            }
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_accounts.Count < options.Value.AccountsMax)
        {
            return;
        }

        foreach (string quiet in _accounts.Where(pair => now - pair.Value.LastAt > options.Value.ForgetAfter).Select(pair => pair.Key)
            .ToArray())
        {
            _accounts.Remove(quiet);
        }

        if (_accounts.Count >= options.Value.AccountsMax)
        {
            // Names that were made up push each other out first: those with the fewest failures and the oldest attempts.
            foreach (string least in _accounts.OrderBy(pair => pair.Value.Failures).ThenBy(pair => pair.Value.LastAt)
                .Take(options.Value.AccountsMax / 10).Select(pair => pair.Key).ToArray())
            {
                _accounts.Remove(least);
            }
        }
    }

    private sealed class Account
    {
        public int Failures { get; set; }

        public DateTimeOffset LastAt { get; set; }

        public DateTimeOffset OpenAt { get; set; }

        public List<UInt128> Trusted { get; } = [];
    }
}
