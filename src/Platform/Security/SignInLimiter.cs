using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Bounds failed sign-ins per address, so that keys can't be guessed at speed. Thread-safe, bounded.</summary>
internal sealed class SignInLimiter(IOptions<SecurityOptions> options, TimeProvider time)
{
    private readonly Dictionary<UInt128, Window> _windows = [];
    private readonly Lock _lock = new();

    /// <summary>Takes one attempt; false, with the time to wait, when there is none left.</summary>
    internal bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        UInt128 key = KeyOf(address);
        long now = time.GetTimestamp();
        lock (_lock)
        {
            if (_windows.TryGetValue(key, out Window window) && Left(window, now) is var left && left > TimeSpan.Zero)
            {
                retryAfter = left;
                if (window.Attempts >= options.Value.SignInFailuresMax)
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

            _windows[key] = new Window(now, 1);
            return true;
        }
    }

    /// <summary>A sign-in that succeeded gives the address all its attempts back.</summary>
    internal void Succeeded(IPAddress? address)
    {
        lock (_lock)
        {
            _windows.Remove(KeyOf(address));
        }
    }

    private TimeSpan Left(Window window, long now) => options.Value.SignInWindow - time.GetElapsedTime(window.Start, now);

    private void Sweep(long now)
    {
        foreach (UInt128 key in _windows.Where(pair => Left(pair.Value, now) <= TimeSpan.Zero).Select(pair => pair.Key).ToArray())
        {
            _windows.Remove(key);
        }
    }

    /// <summary>One customer of a provider has a whole IPv6 /64, so the network is what counts.</summary>
    private static UInt128 KeyOf(IPAddress? address)
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

    private readonly record struct Window(long Start, int Attempts);
}
