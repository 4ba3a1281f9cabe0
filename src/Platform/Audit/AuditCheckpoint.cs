using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Audit;

/// <summary>
/// A signed statement that a tenant's chain had this hash at this sequence. What is signed is text of five lines, so that anyone can check
/// it with standard tools (ECDSA P-256 with SHA-256, signature as r||s, FIPS 186-5).
/// </summary>
internal sealed class AuditCheckpoint
{
    public int TenantId { get; set; }

    public long Sequence { get; set; }

    public byte[] Hash { get; set; } = [];

    public long CreatedAt { get; set; }

    public int KeyId { get; set; }

    public byte[] Signature { get; set; } = [];

    public byte[] SignedText() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"iskra audit checkpoint 1\ntenant {TenantId}\nsequence {Sequence}\nhash {Convert.ToHexStringLower(Hash)}\ntime {CreatedAt}\n"));

    public bool IsSignedBy(ECDsa key) => key.VerifyData(SignedText(), Signature, HashAlgorithmName.SHA256);
}
