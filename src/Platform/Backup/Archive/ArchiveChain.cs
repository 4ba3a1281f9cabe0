namespace Iskra.Platform.Backup.Archive;

/// <summary>An archive, and the full one that it builds on when it is differential: together they hold every block.</summary>
internal sealed class ArchiveChain : IDisposable
{
    private readonly ArchiveReader? _base;
    private readonly string? _basePath;

    private ArchiveChain(string path, ArchiveReader newest, string? basePath, ArchiveReader? baseArchive)
    {
        Path = path;
        Newest = newest;
        _basePath = basePath;
        _base = baseArchive;
    }

    public string Path { get; }

    public ArchiveReader Newest { get; }

    /// <summary>Bytes to read.</summary>
    public long Length => Newest.Length + (_base?.Length ?? 0);

    /// <exception cref="BackupException">One of the archives can't be used.</exception>
    public static ArchiveChain Open(string path, ArchiveKey key)
    {
        ArchiveReader newest = OpenOne(path, key);
        try
        {
            if (newest.Header.Kind == BackupKind.Full)
            {
                return new ArchiveChain(path, newest, null, null);
            }

            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            BackupItem full = BackupCatalog.List(folder).FirstOrDefault(item => item.Id == newest.Header.BaseId && item.Fault is null)
                ?? throw new BackupException(
                    BackupFault.Damaged,
                    $"'{path}' is a differential backup, and the full one that it builds on ({newest.Header.BaseId}) is not in '{folder}'");
            return new ArchiveChain(path, newest, full.Path, OpenOne(full.Path, key));
        }
        catch
        {
            newest.Dispose();
            throw;
        }
    }

    /// <summary>Gives every block of the content, each once, those of the base first; throws unless all are there.</summary>
    public void ReadBlocks(ArchiveReader.BlockHandler onBlock, Action<long> report, CancellationToken cancellationToken)
    {
        Dictionary<string, bool[]> seen = Newest.Index.Entries.ToDictionary(
            entry => entry.Path, entry => new bool[entry.BlockCount], StringComparer.Ordinal);
        if (_base is not null)
        {
            Guard(_basePath!, () => _base.ReadBlocks(GiveFromBase, report, cancellationToken));
        }

        Guard(Path, () => Newest.ReadBlocks(Give, report, cancellationToken));
        if (seen.FirstOrDefault(pair => Array.Exists(pair.Value, isSeen => !isSeen)) is { Key: { } missing })
        {
            throw new BackupException(BackupFault.Damaged, $"'{Path}' is damaged: blocks of {missing} are missing");
        }

        void Give(ArchiveEntry entry, int number, ReadOnlySpan<byte> bytes)
        {
            seen[entry.Path][number] = true;
            onBlock(entry, number, bytes);
        }

        void GiveFromBase(ArchiveEntry entry, int number, ReadOnlySpan<byte> bytes)
        {
            ArchiveEntry? now = Newest.Index.Find(entry.Path);
            if (now is not null && number < now.BlockCount && now.HashOf(number).SequenceEqual(entry.HashOf(number)))
            {
                Give(now, number, bytes);
            }
        }
    }

    public void Dispose()
    {
        Newest.Dispose();
        _base?.Dispose();
    }

    private static ArchiveReader OpenOne(string path, ArchiveKey key)
    {
        ArchiveReader? reader = null;
        Guard(path, () => reader = ArchiveReader.Open(path, key));
        return reader!;
    }

    /// <summary>Adds which file it is to what is wrong with it.</summary>
    private static void Guard(string path, Action read)
    {
        try
        {
            read();
        }
        catch (BackupException e)
        {
            string verb = e.Fault == BackupFault.Damaged ? "is damaged" : "can't be used";
            throw new BackupException(e.Fault, $"'{path}' {verb}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                e is FileNotFoundException or DirectoryNotFoundException ? BackupFault.NotFound : BackupFault.Damaged,
                $"'{path}' can't be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}",
                e);
        }
    }
}
