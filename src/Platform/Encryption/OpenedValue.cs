namespace Iskra.Platform.Encryption;

/// <summary>What opening a sealed value gave.</summary>
/// <param name="IsErased">The subject's key was destroyed: the value is gone for good, here and in every backup.</param>
/// <param name="Bytes">The value; empty when it is erased. The caller's own, to zero when it is a secret.</param>
public readonly record struct OpenedValue(bool IsErased, byte[] Bytes)
{
    internal static OpenedValue Erased { get; } = new(true, []);
}
