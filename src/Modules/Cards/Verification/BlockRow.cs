namespace Iskra.Modules.Cards.Verification;

/// <summary>A row of <c>cards_blocks</c>.</summary>
internal sealed class BlockRow
{
    public long Block { get; init; }

    public long FirstSequence { get; init; }

    public long LastSequence { get; init; }

    public byte[] Hash { get; init; } = [];
}
