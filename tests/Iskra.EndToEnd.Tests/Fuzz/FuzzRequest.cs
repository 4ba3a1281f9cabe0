using System.Globalization;
using System.Text;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>A request as bytes on the wire, so that it can be wrong in ways that an HTTP library would refuse to send.</summary>
internal sealed class FuzzRequest
{
    public required string Method { get; set; }

    public required string Target { get; set; }

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public bool IsChunked { get; set; }

    /// <summary>Sent instead of the body's length.</summary>
    public long? ClaimedLength { get; set; }

    /// <summary>
    /// True when the bytes may be no HTTP: then the web server itself refuses them, with a bare status or by closing the connection,
    /// before there is a request that could be answered with a problem.
    /// </summary>
    public bool IsProtocolFault { get; set; }

    /// <summary>Changes the finished head, byte by byte.</summary>
    public Action<byte[]>? Damage { get; set; }

    /// <summary>What was done to it, for the report.</summary>
    public string Mutation { get; set; } = "none";

    public void SetHeader(string name, string? value)
    {
        Headers.RemoveAll(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase));
        if (value is not null)
        {
            Headers.Add(new(name, value));
        }
    }

    public byte[] ToBytes()
    {
        StringBuilder text = new();
        text.Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\n");
        foreach ((string name, string value) in Headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (IsChunked)
        {
            text.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (Body is not null || ClaimedLength is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {ClaimedLength ?? Body!.Length}\r\n");
        }

        byte[] head = Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
        Damage?.Invoke(head);
        return [.. head, .. IsChunked ? Chunks(Body ?? []) : Body ?? []];
    }

    private static byte[] Chunks(byte[] body)
    {
        const int Size = 97;
        using MemoryStream chunks = new();
        foreach (byte[] chunk in body.Chunk(Size))
        {
            chunks.Write(Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            chunks.Write(chunk);
            chunks.Write("\r\n"u8);
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
