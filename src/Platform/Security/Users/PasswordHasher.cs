using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Users;

/// <summary>How a password was answered.</summary>
internal enum PasswordCheck
{
    Wrong = 0,
    Right = 1,

    /// <summary>Right, and the stored hash has fewer rounds than are asked for today.</summary>
    RightButWeak = 2,

    /// <summary>Too many wait already; nothing was checked.</summary>
    Busy = 3,
}

/// <summary>
/// Hashes passwords, a few at a time: a flood of sign-ins waits in a bounded line and leaves the other cores to everyone else.
/// Thread-safe.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    private readonly PasswordOptions _options;
    private readonly SecurityMetrics _metrics;
    private readonly SemaphoreSlim _slots;
    private readonly PasswordHash _nobody;
    private int _waiting;

    public PasswordHasher(IOptions<PasswordOptions> options, SecurityMetrics metrics)
        : this(options.Value, metrics, options.Value.Iterations)
    {
    }

    /// <summary>With fewer rounds than the options allow, for tests alone.</summary>
    internal PasswordHasher(PasswordOptions options, SecurityMetrics metrics, int iterations)
    {
        _options = options;
        _metrics = metrics;
        Iterations = iterations;
        _slots = new SemaphoreSlim(options.ConcurrencyMax);

        // A hash that no password has, checked for unknown users, so that they take as long as known ones.
        _nobody = new PasswordHash(iterations, new byte[16], new byte[32]);
        metrics.ObservePasswords(() => Volatile.Read(ref _waiting), options.WaitingMax);
    }

    internal int Iterations { get; }

    /// <summary>A hash to store; null when too many wait already.</summary>
    internal async Task<string?> HashAsync(string password, CancellationToken cancellationToken) =>
        (await RunAsync(() => PasswordHash.Create(password, Iterations), cancellationToken)).Value?.ToText();

    /// <summary>Checks a password. Without a stored hash the answer is <see cref="PasswordCheck.Wrong"/> after the same work.</summary>
    internal async Task<PasswordCheck> CheckAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        PasswordHash? hash = PasswordHash.Parse(stored);
        (bool isDone, bool matches) = await RunAsync(() => (hash ?? _nobody).Matches(password), cancellationToken);
        if (!isDone)
        {
            return PasswordCheck.Busy;
        }

        if (!matches || hash is null)
        {
            return PasswordCheck.Wrong;
        }

        return hash.Iterations < Iterations ? PasswordCheck.RightButWeak : PasswordCheck.Right;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<(bool IsDone, T? Value)> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _options.WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            _metrics.PasswordRefused();
            return default;
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
            try
            {
                return (true, await Task.Run(work, CancellationToken.None));
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
