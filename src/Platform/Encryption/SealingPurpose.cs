namespace Iskra.Platform.Encryption;

/// <summary>What a value was sealed as: the first byte of its associated data, so that one kind never opens as another.</summary>
internal enum SealingPurpose
{
    Field = 1,

    Bytes = 2,
}
