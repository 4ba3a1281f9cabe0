using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Encryption;

/// <summary>Where the keys live and how long they stay in memory. Section <c>Encryption</c>.</summary>
public sealed class EncryptionOptions
{
    public const string Section = "Encryption";

    /// <summary>
    /// The root key itself, 32 bytes in base64 (<c>ISKRA_ROOT_KEY</c>). Empty: the key is in a file. Never logged.
    /// </summary>
    [RegularExpression("^[A-Za-z0-9+/]{43}=$", ErrorMessage = "must be 32 bytes in base64 (ISKRA_ROOT_KEY): openssl rand -base64 32")]
    public string? RootKey { get; set; }

    /// <summary>
    /// A file that holds the root key in base64 (<c>ISKRA_ROOT_KEY_FILE</c>), such as a mounted secret; it must exist. Empty: the file
    /// <c>root.key</c> in <see cref="KeyFolder"/>, made by the first start for its owner only.
    /// </summary>
    public string? RootKeyFile { get; set; }

    /// <summary>
    /// Folder of <c>root.key</c> and of the erasure shares (<c>ISKRA_KEY_FOLDER</c>). Default: <c>keys</c> in the data folder. It is backed
    /// up apart from the data, as one copy that is overwritten, never as a series: whatever keeps an old copy keeps erased persons.
    /// </summary>
    public string? KeyFolder { get; set; }

    /// <summary>A second folder, on another disk, to which every change of the erasure shares is written too. Empty: none.</summary>
    public string? MirrorFolder { get; set; }

    /// <summary>
    /// A PostgreSQL database of its own for the erasure shares (<c>ISKRA_KEY_DATABASE</c>), for replicas that share no folder. It must not
    /// be part of the data's backups. Holds a password: never logged.
    /// </summary>
    public string? KeyDatabase { get; set; }

    /// <summary>Unwrapped keys kept in memory; beyond, the one unused for longest is zeroed.</summary>
    [Range(16, 1_000_000)]
    public int CacheKeysMax { get; set; } = 10_000;

    /// <summary>
    /// Life of an unwrapped key in memory, whatever its use. A subject destroyed by another process can be read here no longer than this.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Keys that one transaction rewraps, at most.</summary>
    [Range(1, 10_000)]
    public int RewrapBatchMax { get; set; } = 500;

    /// <summary>Erasure shares made at once, ahead of need: one flush to disk serves so many new subjects.</summary>
    [Range(1, 100_000)]
    public int ShareBlock { get; set; } = 256;
}
