using System.Net.Sockets;
using System.Security.Cryptography;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>
/// The first message of a TLS handshake (RFC 4346, RFC 5246), written byte by byte: the client library of this machine may refuse to offer
/// an old version itself, and then nothing would be known about the server.
/// </summary>
internal static class ClientHello
{
    public const byte Handshake = 22;

    private const byte Minor11 = 2;
    private const byte Minor12 = 3;

    /// <summary>Offers at most TLS 1.1.</summary>
    public static byte[] Tls11() => Create(Minor11);

    /// <summary>Offers at most TLS 1.2.</summary>
    public static byte[] Tls12() => Create(Minor12);

    /// <summary>Sends it; returns the type of the record that answers (22: it goes on, 21: an alert), or null at the end.</summary>
    public static async Task<byte?> SendAsync(byte[] hello, Uri address, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(hello, cancellationToken);
        byte[] type = new byte[1];
        try
        {
            return await stream.ReadAsync(type, cancellationToken) == 1 ? type[0] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static byte[] Create(byte minor)
    {
        // ECDHE-ECDSA with AES-128: GCM for TLS 1.2, CBC for 1.1. Groups: P-256. Signatures: ECDSA with SHA-256, and SHA-1 for 1.1.
        byte[] extensions =
        [
            0, 10, 0, 4, 0, 2, 0, 23,
            0, 11, 0, 2, 1, 0,
            0, 13, 0, 6, 0, 4, 4, 3, 2, 3,
        ];
        byte[] body =
        [
            3, minor, .. RandomNumberGenerator.GetBytes(32), 0,
            0, 4, 0xc0, 0x2b, 0xc0, 0x09,
            1, 0,
            0, (byte)extensions.Length, .. extensions,
        ];
        byte[] message = [1, 0, 0, (byte)body.Length, .. body];
        return [Handshake, 3, 1, 0, (byte)message.Length, .. message];
    }
}
