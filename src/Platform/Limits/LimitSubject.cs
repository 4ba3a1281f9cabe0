using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Limits;

/// <summary>Who is counted, made of a request in this one place.</summary>
/// <param name="Address">The address, or an IPv6 network: one customer of a provider has a whole /64.</param>
/// <param name="Tenant">Null for a caller who is not known.</param>
/// <param name="User">Null for a program's key.</param>
/// <param name="Key">Null for a user, and for a caller who is not known.</param>
internal readonly record struct LimitSubject(UInt128 Address, UInt128? Tenant, UInt128? User, UInt128? Key)
{
    public static LimitSubject Of(HttpContext context)
    {
        UInt128 address = OfAddress(context.Connection.RemoteIpAddress);
        return context.GetCaller() is { } caller
            ? new LimitSubject(address, (UInt128)(uint)caller.Tenant.Value, OfGuid(caller.UserId), OfGuid(caller.KeyId))
            : new LimitSubject(address, null, null, null);
    }

    /// <summary>IPv4 as its mapped IPv6 address; of IPv6 the network alone.</summary>
    public static UInt128 OfAddress(IPAddress? address)
    {
        if (address is null)
        {
            return UInt128.Zero;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
            {
                bytes[8..].Clear();
            }
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128? OfGuid(Guid? id)
    {
        if (id is not { } value)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
