using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// The one seam through which private signing keys reach the store and come back: AES-256-GCM with the key's id as associated data. Its own
/// key comes from <c>ISKRA_SIGNING_SEAL_KEY</c> (base64 of 32 bytes; the same on all replicas) or from <c>keys/signing.key</c> in the data
/// folder, made at its first use for its owner only. Envelope encryption takes this class's place.
/// </summary>
internal sealed class SigningKeySealer
{
    internal const string Variable = "ISKRA_SIGNING_SEAL_KEY";

    private const int KeySize = 32;
    private const byte Format = 1;
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _given;
    private readonly string _path;
    private readonly Lazy<byte[]> _key;

    public SigningKeySealer(IConfiguration configuration, IOptions<DataOptions> data)
    {
        _given = configuration[Variable] ?? Environment.GetEnvironmentVariable(Variable);
        _path = Path.GetFullPath(Path.Combine(data.Value.Folder, "keys", "signing.key"));
        _key = new Lazy<byte[]>(LoadOrCreate);
    }

    /// <summary>Seals a private key for the store.</summary>
    internal byte[] Seal(string kid, ReadOnlySpan<byte> privateKey)
    {
        int nonce = AesGcm.NonceByteSizes.MaxSize, tag = AesGcm.TagByteSizes.MaxSize;
        byte[] sealedKey = new byte[1 + nonce + tag + privateKey.Length];
        Span<byte> rest = sealedKey.AsSpan(1);
        sealedKey[0] = Format;
        RandomNumberGenerator.Fill(rest[..nonce]);
        using AesGcm aes = new(_key.Value, tag);
        aes.Encrypt(rest[..nonce], privateKey, rest[(nonce + tag)..], rest[nonce..(nonce + tag)], Encoding.UTF8.GetBytes(kid));
        return sealedKey;
    }

    /// <summary>The private key; null when it was sealed with another key, or changed.</summary>
    internal byte[]? Open(string kid, ReadOnlySpan<byte> sealedKey)
    {
        int nonce = AesGcm.NonceByteSizes.MaxSize, tag = AesGcm.TagByteSizes.MaxSize;
        if (sealedKey.Length <= 1 + nonce + tag || sealedKey[0] != Format)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = sealedKey[1..];
        byte[] privateKey = new byte[rest.Length - nonce - tag];
        try
        {
            using AesGcm aes = new(_key.Value, tag);
            aes.Decrypt(rest[..nonce], rest[(nonce + tag)..], rest[nonce..(nonce + tag)], privateKey, Encoding.UTF8.GetBytes(kid));
            return privateKey;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private byte[] LoadOrCreate()
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(_given))
            {
                return Parse(_given, Variable);
            }

            if (!File.Exists(_path))
            {
                Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize)));
            }

            return Parse(File.ReadAllText(_path), $"'{_path}'");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                ExitCode.DataFolderNotWritable,
                $"The key that seals the signing keys, '{_path}', can't be read or written ({exception.GetType().Name}).",
                exception);
        }
    }

    private static byte[] Parse(string text, string source)
    {
        byte[] key = new byte[KeySize];
        return Convert.TryFromBase64String(text.Trim(), key, out int length) && length == KeySize
            ? key
            : throw new StartupException(ExitCode.BadConfiguration, $"{source} must be base64 of {KeySize} bytes.");
    }

    /// <summary>Of two processes that start at once one wins, and both then read the winner's.</summary>
    private void Write(string text)
    {
        string folder = Path.GetDirectoryName(_path)!;
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
            options.UnixCreateMode = OwnerFile;
        }

        string temporary = Path.Combine(folder, $".signing-{Guid.CreateVersion7():N}");
        using (FileStream file = new(temporary, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, _path, overwrite: false);
        }
        catch (IOException) when (File.Exists(_path))
        {
            File.Delete(temporary);
        }
    }
}
