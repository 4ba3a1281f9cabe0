namespace Iskra.Platform.Audit;

/// <summary>A signed checkpoint as the API shows it.</summary>
/// <param name="Sequence">The entry that it covers the trail up to.</param>
/// <param name="Hash">That entry's link, hex.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="KeyId">The key of the ring that signed it.</param>
/// <param name="SignedText">What was signed, as text.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, r||s, base64.</param>
internal sealed record CheckpointItem(
    long Sequence, string Hash, DateTimeOffset CreatedAt, int KeyId, string SignedText, string Signature)
{
    public static CheckpointItem From(AuditCheckpoint checkpoint) => new(
        checkpoint.Sequence,
        Convert.ToHexStringLower(checkpoint.Hash),
        Data.Instants.FromMicroseconds(checkpoint.CreatedAt),
        checkpoint.KeyId,
        System.Text.Encoding.ASCII.GetString(checkpoint.SignedText()),
        Convert.ToBase64String(checkpoint.Signature));
}

/// <summary>A public key that checkpoints are checked with.</summary>
/// <param name="KeyId">Its number in the ring.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo in PEM.</param>
internal sealed record AuditPublicKeyItem(int KeyId, string PublicKey);
