namespace Iskra.Platform.Telemetry.Scrubbing;

/// <summary>Where a secret stands in a text. Without length: there is none, and <see cref="Start"/> is beyond the text.</summary>
internal readonly record struct Finding(int Start, int Length, SecretKind Kind)
{
    public int End => Start + Length;

    public static Finding None { get; } = new(int.MaxValue, 0, SecretKind.Value);
}

internal enum SecretKind
{
    Card = 0,

    /// <summary>Told by its form: a key, a token.</summary>
    Token = 1,

    /// <summary>Told by the name in front of it, or by its place in an address.</summary>
    Value = 2,
}
