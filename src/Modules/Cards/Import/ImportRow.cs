namespace Iskra.Modules.Cards.Import;

/// <summary>One payment as the file tells it. The texts are those of the file's buffer, valid until the next row.</summary>
internal readonly ref struct ImportRow
{
    public required ReadOnlySpan<char> Id { get; init; }

    public required ReadOnlySpan<char> Customer { get; init; }

    public required ReadOnlySpan<char> Merchant { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public required long OccurredAt { get; init; }

    public required long AmountMinor { get; init; }
}
