namespace Iskra.Platform.Encryption;

/// <summary>What a rotation did.</summary>
/// <param name="Version">The version of the tenant's key that is in force now.</param>
/// <param name="Rewrapped">Data keys that it wraps now instead of an older one.</param>
internal sealed record KeyRotationDocument(int Version, int Rewrapped);
