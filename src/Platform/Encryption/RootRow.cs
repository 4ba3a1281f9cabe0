namespace Iskra.Platform.Encryption;

/// <summary>A row of <c>encryption_roots</c>.</summary>
internal sealed class RootRow
{
    public int Generation { get; set; }

    public byte[] RootId { get; set; } = [];

    public byte[] CheckValue { get; set; } = [];

    public Guid ErasureStore { get; set; }

    public long CreatedAt { get; set; }
}
