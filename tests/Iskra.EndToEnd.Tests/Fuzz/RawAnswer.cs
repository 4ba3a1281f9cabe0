using System.Text;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>An answer as read from the wire.</summary>
/// <param name="Status">0 when the connection was closed without one.</param>
/// <param name="Headers">Names are not case sensitive.</param>
/// <param name="Body">Whole, chunks joined; empty for a stream without an end.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static RawAnswer None { get; } = new(0, new Dictionary<string, string>(), []);

    public string MediaType => Headers.GetValueOrDefault("Content-Type", "").Split(';')[0];

    public string Text => Encoding.UTF8.GetString(Body);

    public bool IsClosing => string.Equals(Headers.GetValueOrDefault("Connection"), "close", StringComparison.OrdinalIgnoreCase);
}
