using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// One ES256 key. An <see cref="ECDsa"/> promises nothing about use by several threads, so each use borrows one; there are as many as there
/// were uses at once. Thread-safe. It is left to the collector, because a check may still be under way when a key leaves the ring.
/// </summary>
internal sealed class SigningKey
{
    internal const int SignatureSize = 64;

    private readonly ConcurrentBag<ECDsa> _verifiers = [];
    private readonly ConcurrentBag<ECDsa> _signers = [];
    private readonly SigningKeyRow _row;
    private readonly byte[]? _privateKey;

    /// <param name="row">As the store has it.</param>
    /// <param name="privateKey">PKCS #8; null when it couldn't be opened, or isn't needed.</param>
    internal SigningKey(SigningKeyRow row, byte[]? privateKey)
    {
        _row = row;
        _privateKey = privateKey;
        ECDsa verifier = CreateVerifier();
        ECParameters parameters = verifier.ExportParameters(includePrivateParameters: false);
        X = parameters.Q.X!;
        Y = parameters.Q.Y!;
        _verifiers.Add(verifier);
    }

    internal string Kid => _row.Kid;

    /// <summary>Microseconds from when on it signs.</summary>
    internal long ActiveAt => _row.ActiveAt;

    internal bool CanSign => _privateKey is not null;

    internal byte[] X { get; }

    internal byte[] Y { get; }

    internal bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (!_verifiers.TryTake(out ECDsa? verifier))
        {
            verifier = CreateVerifier();
        }

        bool isGood = verifier.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _verifiers.Add(verifier);
        return isGood;
    }

    /// <summary>Signs into <paramref name="signature"/>, 64 bytes; false without the private key.</summary>
    internal bool TrySign(ReadOnlySpan<byte> text, Span<byte> signature)
    {
        if (_privateKey is not { } privateKey)
        {
            return false;
        }

        if (!_signers.TryTake(out ECDsa? signer))
        {
            signer = ECDsa.Create();
            signer.ImportPkcs8PrivateKey(privateKey, out _);
        }

        signer.SignData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _signers.Add(signer);
        return true;
    }

    private ECDsa CreateVerifier()
    {
        ECDsa verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(_row.PublicKey, out _);
        return verifier;
    }
}
