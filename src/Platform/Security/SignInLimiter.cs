using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>
/// Bounds failed sign-ins per address, so that keys and passwords can't be guessed at speed: so many in a window, and each window that was
/// used up makes the next wait twice as long, up to 64 times. Thread-safe, bounded.
/// </summary>
internal sealed class SignInLimiter(IOptions<SecurityOptions> options, TimeProvider time)
{
    private const int StrikesMax = 6;

    private readonly Dictionary<UInt128, Window> _windows = [];
    private readonly Lock _lock = new();

    /// <summary>Takes one attempt; false, with the time to wait, when there is none left.</summary>
    internal bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        UInt128 key = KeyOf(address);
        long now = time.GetTimestamp();
        lock (_lock)
        {
            bool isKnown = _windows.TryGetValue(key, out Window window);
            if (isKnown && Left(window, now) is var left && left > TimeSpan.Zero)
            {
                retryAfter = left;
                if (IsUsedUp(window))
                {
                    return false;
                }

                _windows[key] = window with { Attempts = window.Attempts + 1 };
                return true;
            }

            retryAfter = options.Value.SignInWindow;
            if (_windows.Count >= options.Value.SignInAddressesMax && !_windows.ContainsKey(key))
            {
                Sweep(now);
                if (_windows.Count >= options.Value.SignInAddressesMax)
                {
                    return false;
                }
            }

            int strikes = !isKnown ? 0 : IsUsedUp(window) ? Math.Min(window.Strikes + 1, StrikesMax) : Math.Max(window.Strikes - 1, 0);
            _windows[key] = new Window(now, 1, strikes);
            return true;
        }
    }

    /// <summary>A sign-in that succeeded gives its own attempt back. Those that failed before still count: whoever has an account can't
    /// use it to guess at others' without end.</summary>
    internal void Succeeded(IPAddress? address)
    {
        lock (_lock)
        {
            UInt128 key = KeyOf(address);
            if (_windows.TryGetValue(key, out Window window))
            {
                _windows[key] = window with { Attempts = Math.Max(0, window.Attempts - 1) };
            }
        }
    }

    private bool IsUsedUp(Window window) => window.Attempts >= options.Value.SignInFailuresMax;

    private TimeSpan Left(Window window, long now) =>
        (options.Value.SignInWindow * (IsUsedUp(window) ? 1 << window.Strikes : 1)) - time.GetElapsedTime(window.Start, now);

    private void Sweep(long now)
    {
        foreach (UInt128 key in _windows.Where(pair => Left(pair.Value, now) <= TimeSpan.Zero).Select(pair => pair.Key).ToArray())
        {
            _windows.Remove(key);
        }
    }

    /// <summary>One customer of a provider has a whole IPv6 /64, so the network is what counts.</summary>
    internal static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return UInt128.Zero;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            bytes[8..].Clear();
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private readonly record struct Window(long Start, int Attempts, int Strikes);
}
