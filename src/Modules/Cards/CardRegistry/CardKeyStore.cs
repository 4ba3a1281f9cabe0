using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>
/// Where the card keys come from: <c>ISKRA_CARD_KEYS</c>, or <c>keys/cards.json</c> in the data folder, made at its first use for its owner
/// only. Whoever loses them loses the numbers: back the file up apart from the database.
/// </summary>
internal sealed class CardKeyStore
{
    public const string Variable = "ISKRA_CARD_KEYS";

    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _given;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lazy<CardKeyRing> _ring;

    public CardKeyStore(IConfiguration configuration, IOptions<DataOptions> data, TimeProvider time)
    {
        _given = configuration[Variable] ?? Environment.GetEnvironmentVariable(Variable);
        _path = Path.GetFullPath(Path.Combine(data.Value.Folder, "keys", "cards.json"));
        _time = time;
        _ring = new Lazy<CardKeyRing>(LoadOrCreate);
    }

    /// <summary>For people: the variable's name or the file's path.</summary>
    public string Source => IsGiven ? Variable : _path;

    public bool IsGiven => !string.IsNullOrWhiteSpace(_given);

    /// <summary>Loaded once; a rotation by another process is seen at the next start.</summary>
    public CardKeyRing Ring => _ring.Value;

    /// <summary>Adds a version and makes it the one that encrypts. The older ones stay: they decrypt what they encrypted.</summary>
    /// <exception cref="StartupException">The keys come from the environment, where this program can't change them.</exception>
    public CardKeyRing Rotate()
    {
        if (IsGiven)
        {
            throw new StartupException(
                ExitCode.BadConfiguration, $"The card keys come from {Variable}: add a version there and restart, oldest ones stay.");
        }

        CardKeyRing ring = LoadOrCreate();
        CardKeyRing rotated = new([.. ring.Keys, Create(ring.Newest.Version + 1)]);
        Write(rotated, overwrite: true);
        return rotated;
    }

    private CardKeyRing LoadOrCreate()
    {
        if (IsGiven)
        {
            return CardKeyText.Parse(_given!, Variable);
        }

        try
        {
            if (!File.Exists(_path))
            {
                // Without overwriting: of two processes that start at once one wins, and both then read the winner's.
                Write(new CardKeyRing([Create(1)]), overwrite: false);
            }

            return CardKeyText.Parse(File.ReadAllText(_path), $"'{_path}'");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                ExitCode.DataFolderNotWritable,
                    $"The card keys in '{_path}' can't be read or written ({exception.GetType().Name}).", exception);
        }
    }

    private void Write(CardKeyRing ring, bool overwrite)
    {
        string folder = Path.GetDirectoryName(_path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }

        string temporary = Path.Combine(folder, $".cards-{Guid.CreateVersion7():N}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        using (FileStream file = new(temporary, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(CardKeyText.ToJson(ring)));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, _path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(_path))
        {
            File.Delete(temporary);
        }
    }

    private CardKey Create(int version) => new(
        version,
        RandomNumberGenerator.GetBytes(CardKey.SizeBytes),
        RandomNumberGenerator.GetBytes(CardKey.SizeBytes),
        _time.GetUtcNow());
}
