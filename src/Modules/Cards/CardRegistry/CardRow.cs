namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>A card as it is stored, with its account's id in place of the key.</summary>
internal sealed class CardRow
{
    public long Key { get; init; }

    public Guid Id { get; init; }

    public Guid AccountId { get; init; }

    public byte[] NumberEncrypted { get; init; } = [];

    public string Bin { get; init; } = "";

    public string Last4 { get; init; } = "";

    public int ExpiryMonth { get; init; }

    public int ExpiryYear { get; init; }

    public long CreatedAt { get; init; }
}
