using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Encryption;

/// <summary>Where the root key comes from: the environment, a file that the operator names, or <c>root.key</c> in the key folder.</summary>
internal sealed class RootKeySource(IOptions<EncryptionOptions> options, IOptions<DataOptions> data)
{
    public const string FileName = "root.key";
    private const string NextSuffix = ".next";

    /// <summary>A key file has 44 characters and perhaps a line end; anything longer is something else.</summary>
    private const int FileSizeMax = 256;

    private string OwnFile => Path.Combine(FolderOf(options.Value, data.Value), FileName);

    /// <summary>For people.</summary>
    public string Description => options.Value switch
    {
        { RootKey.Length: > 0 } => "ISKRA_ROOT_KEY",
        { RootKeyFile: { Length: > 0 } file } => $"'{Path.GetFullPath(file)}'",
        _ => $"'{OwnFile}'",
    };

    /// <summary>Whether this program may change the key where it is kept.</summary>
    public bool IsOwn => string.IsNullOrEmpty(options.Value.RootKey) && string.IsNullOrEmpty(options.Value.RootKeyFile);

    public static string FolderOf(EncryptionOptions options, DataOptions data) => Path.GetFullPath(
        string.IsNullOrEmpty(options.KeyFolder) ? Path.Combine(data.Folder, "keys") : options.KeyFolder);

    /// <summary>The key; null when it is to be in our own file and that isn't there.</summary>
    public RootKey? Load()
    {
        if (options.Value.RootKey is { Length: > 0 } text)
        {
            return Parse(text, "Encryption:RootKey (ISKRA_ROOT_KEY)");
        }

        if (options.Value.RootKeyFile is { Length: > 0 } named)
        {
            string path = Path.GetFullPath(named);
            return File.Exists(path)
                ? ReadFile(path)
                : throw new StartupException(
                    ExitCode.BadConfiguration, $"Encryption:RootKeyFile (ISKRA_ROOT_KEY_FILE): there is no file '{path}'.");
        }

        return File.Exists(OwnFile) ? ReadFile(OwnFile) : null;
    }

    /// <summary>Makes our own file; of two processes that start at once one wins, and both then read the winner's.</summary>
    public RootKey Create()
    {
        Put(OwnFile, KeyWrap.NewKey(), overwrite: false);
        return ReadFile(OwnFile);
    }

    public RootKey Read(string path) => File.Exists(path)
        ? ReadFile(Path.GetFullPath(path))
        : throw new StartupException(ExitCode.Usage, $"There is no file '{Path.GetFullPath(path)}'.");

    /// <summary>Writes the key that a rotation goes to, the given one or a new one, beside the one in use.</summary>
    public RootKey CreateNext(string? givenFile)
    {
        if (givenFile is not null)
        {
            Read(givenFile).Dispose();
            KeyFolder.Write(OwnFile + NextSuffix, File.ReadAllBytes(givenFile), overwrite: true);
        }
        else
        {
            Put(OwnFile + NextSuffix, KeyWrap.NewKey(), overwrite: true);
        }

        return ReadFile(OwnFile + NextSuffix);
    }

    /// <summary>The key of a rotation that ended between the database's commit and the file's exchange; null when there is none.</summary>
    public RootKey? LoadNext() => IsOwn && File.Exists(OwnFile + NextSuffix) ? ReadFile(OwnFile + NextSuffix) : null;

    public void PutNextInPlace() => File.Move(OwnFile + NextSuffix, OwnFile, overwrite: true);

    private static RootKey ReadFile(string path)
    {
        try
        {
            using FileStream file = new(path, KeyFolder.Options(FileMode.Open, FileAccess.Read, FileShare.Read));
            byte[] text = new byte[Math.Min(file.Length, FileSizeMax)];
            file.ReadExactly(text);
            return Parse(Encoding.ASCII.GetString(text).Trim(), $"The file '{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw KeyFolder.Unusable(path, e);
        }
    }

    private static RootKey Parse(string text, string where)
    {
        byte[] key = new byte[KeyWrap.KeySizeBytes + 1];
        try
        {
            return Convert.TryFromBase64String(text, key, out int length) && length == KeyWrap.KeySizeBytes
                ? new RootKey(key.AsSpan(0, length))
                : throw new StartupException(
                    ExitCode.BadConfiguration, $"{where} must be 32 bytes in base64; make one with: openssl rand -base64 32");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Put(string path, byte[] key, bool overwrite)
    {
        byte[] text = Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n");
        try
        {
            KeyFolder.Write(path, text, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw KeyFolder.Unusable(path, e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
