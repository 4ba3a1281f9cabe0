using System.Globalization;
using System.Security.Cryptography;

namespace Iskra.Platform.Security.Users;

/// <summary>
/// A stored password: PBKDF2-HMAC-SHA-256 (RFC 8018) in PHC form, <c>$pbkdf2-sha256$i=600000$salt$hash</c> with base64 of 16 and 32
/// bytes. It names its algorithm and rounds, so both can be raised without touching what is stored.
/// </summary>
/// <param name="Iterations">Rounds.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Hash">32 bytes.</param>
internal sealed record PasswordHash(int Iterations, byte[] Salt, byte[] Hash)
{
    private const string Algorithm = "pbkdf2-sha256";
    private const int SaltSize = 16;
    private const int HashSize = 32;

    internal static PasswordHash Create(string password, int iterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <summary>Reads what <see cref="ToText"/> wrote; null for anything else.</summary>
    internal static PasswordHash? Parse(string? text)
    {
        string[] parts = text?.Split('$') ?? [];
        if (parts is not ["", Algorithm, var rounds, var salt, var hash]
            || !rounds.StartsWith("i=", StringComparison.Ordinal)
            || !int.TryParse(rounds.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            || iterations is < 1 or > 10_000_000)
        {
            return null;
        }

        byte[] saltBytes = new byte[SaltSize];
        byte[] hashBytes = new byte[HashSize];
        return Convert.TryFromBase64String(salt, saltBytes, out int saltLength) && saltLength == SaltSize
            && Convert.TryFromBase64String(hash, hashBytes, out int hashLength) && hashLength == HashSize
            ? new PasswordHash(iterations, saltBytes, hashBytes)
            : null;
    }

    /// <summary>Whether the password is the one; the time doesn't depend on where it differs.</summary>
    internal bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations), Hash);

    internal string ToText() => string.Create(
        CultureInfo.InvariantCulture, $"${Algorithm}$i={Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}");

    public override string ToString() => nameof(PasswordHash);

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password.Normalize(System.Text.NormalizationForm.FormKC), salt, iterations, HashAlgorithmName.SHA256,
            HashSize);
}
