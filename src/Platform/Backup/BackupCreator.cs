using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Backup.Stores;
using Iskra.Platform.Data;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>Makes one backup, beside a running server or without one.</summary>
internal sealed class BackupCreator(
    IOptions<BackupOptions> options,
    IOptions<DataOptions> data,
    BackupKeys keys,
    IEnumerable<BackupHead> heads,
    IEnumerable<BackupExclusion> exclusions,
    IEnumerable<BackupPath> paths,
    TimeProvider time)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly BackupOptions _options = options.Value;
    private readonly DataOptions _data = data.Value;
    private readonly BackupHead[] _heads = [.. heads];
    private readonly BackupExclusion[] _exclusions = [.. exclusions];
    private readonly BackupPath[] _paths =
    [
        .. paths, .. options.Value.Include.Select(BackupPath.Include), .. options.Value.Exclude.Select(BackupPath.Exclude),
    ];

    /// <summary>The folder of the options, made absolute.</summary>
    public string Folder => Path.GetFullPath(
        string.IsNullOrWhiteSpace(_options.Folder) ? Path.Combine(_data.Folder, BackupPaths.DefaultFolder) : _options.Folder);

    /// <summary>Makes a backup and applies retention. Unless it returns, nothing new is in the folder.</summary>
    /// <exception cref="BackupException">Why not.</exception>
    public async Task<BackupResult> CreateAsync(
        bool isFull, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        string folder = Folder;
        RestoreMarker.Check(_data.Folder);
        bool isEmbedded = string.IsNullOrWhiteSpace(_data.Database);

        // First of all: a mistyped folder must get neither backups nor a key.
        if (isEmbedded && !Directory.Exists(_data.Folder))
        {
            throw new BackupException(BackupFault.NotFound, $"there is no data folder '{_data.Folder}'; name another with --data DIR");
        }

        using BackupFolderLock held = BackupFolderLock.Acquire(folder);
        DiskSpace.Require(folder, _options.FreeBytesMin, "a backup");
        SnapshotRequest request = new(_data, _options, _heads, _exclusions, time, progress);
        await using IStoreSnapshot snapshot = isEmbedded
            ? await SqliteSnapshot.TakeAsync(request, cancellationToken)
            : await PostgresSnapshot.TakeAsync(request, cancellationToken);
        TimeSpan copyTime = time.GetElapsedTime(start);
        ArchiveKey key = keys.LoadOrCreate(out bool isKeyNew);
        (ArchiveHeader Header, ArchiveIndex Index)? former = isFull || !isEmbedded ? null : FindBase(folder, key);
        ArchiveHeader header = ArchiveHeader.Create(
            former is null ? BackupKind.Full : BackupKind.Differential,
            isEmbedded ? DatabaseEngine.Sqlite : DatabaseEngine.Postgres,
            snapshot.Facts.TakenAt,
            former?.Header.Id ?? Guid.Empty,
            key);
        (string path, ArchiveManifest manifest, long contentBytes) = await Task.Run(
            () => WriteAsync(folder, header, key, former?.Index, snapshot, progress, cancellationToken), cancellationToken);
        int deleted = Retain(folder);
        BackupItem item = BackupCatalog.List(folder).First(item => item.Path == path);
        return new BackupResult(item, manifest, contentBytes, copyTime, time.GetElapsedTime(start), isKeyNew, deleted);
    }

    /// <summary>The full archive that the next one may build on; null when it should be a full one itself.</summary>
    private (ArchiveHeader Header, ArchiveIndex Index)? FindBase(string folder, ArchiveKey key)
    {
        BackupItem[] items = [.. BackupCatalog.List(folder).Where(item => item.Fault is null && item.Engine == DatabaseEngine.Sqlite)];
        if (Array.Find(items, item => item.Kind == BackupKind.Full) is not { } full || full.KeyId != key.Id)
        {
            return null;
        }

        BackupItem[] differentials = [.. items.Where(item => item.BaseId == full.Id)];
        if (differentials.Length >= _options.DifferentialsMax
            || (differentials.Length > 0 && differentials[0].Bytes > full.Bytes * _options.DifferentialShareMax))
        {
            return null;
        }

        try
        {
            using ArchiveReader reader = ArchiveReader.Open(full.Path, key);
            return (reader.Header, reader.Index);
        }
        catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
        {
            // What can't be opened is no base; a full backup is the answer to that, not a failure.
            return null;
        }
    }

    private async Task<(string Path, ArchiveManifest Manifest, long ContentBytes)> WriteAsync(
        string folder,
        ArchiveHeader header,
        ArchiveKey key,
        ArchiveIndex? baseIndex,
        IStoreSnapshot snapshot,
        IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, BackupCatalog.FileName(header));
        string partial = path + BackupCatalog.PartialExtension;
        ArchiveManifest manifest = Describe(snapshot.Facts);
        try
        {
            long contentBytes;
            await using (FileStream file = Create(partial))
            {
                using ArchiveWriter writer = new(file, header, key, baseIndex);
                writer.WriteManifest(manifest);
                BackupProgressSum sum = new(progress, "sealing", snapshot.Length);
                await using (Stream content = snapshot.OpenRead())
                {
                    writer.Add(BackupPaths.Database, content, sum.Add, cancellationToken);
                }

                await snapshot.CompleteAsync(cancellationToken);

                // After the store: keys that were added in between open more than the snapshot holds, never less.
                AddFiles(writer, folder, sum, cancellationToken);
                writer.Complete();
                contentBytes = writer.ContentBytes;
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: false);
            FolderSync.Flush(folder);
            return (path, manifest, contentBytes);
        }
        catch (Exception e)
        {
            TryDelete(partial);
            throw e is IOException or UnauthorizedAccessException ? WriteFault(folder, e) : e;
        }
    }

    private void AddFiles(ArchiveWriter writer, string folder, BackupProgressSum sum, CancellationToken cancellationToken)
    {
        foreach (string path in BackupPaths.Find(_data.Folder, folder, _paths))
        {
            using FileStream file = new(
                Path.Combine(_data.Folder, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            writer.Add(path, file, sum.Add, cancellationToken);
        }
    }

    private ArchiveManifest Describe(StoreFacts facts) => new(
        ProductVersion.Text,
        facts.EngineDescription,
        facts.TakenAt,
        facts.Migrations,
        facts.Tables,
        facts.Heads,
        [.. _exclusions.Select(exclusion => exclusion.Table).Where(facts.Tables.ContainsKey)]);

    private int Retain(string folder)
    {
        int deleted = 0;
        IReadOnlyList<BackupItem> expired = BackupCatalog.FindExpired(
            BackupCatalog.List(folder), _options.Keep, _options.KeepFor, time.GetUtcNow());

        // Differentials first: a process that dies in between leaves none without its base.
        foreach (BackupItem item in expired.OrderByDescending(item => item.Kind))
        {
            deleted += TryDelete(item.Path) ? 1 : 0;
        }

        return deleted;
    }

    private static FileStream Create(string path)
    {
        FileStreamOptions file = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1024 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, file);
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static BackupException WriteFault(string folder, Exception e) => e is IOException io && DiskSpace.IsFull(io)
        ? new BackupException(BackupFault.NoSpace, $"the disk of '{folder}' is full; the unfinished backup was removed", e)
        : new BackupException(
            BackupFault.NotWritable, $"the backup can't be written to '{folder}': {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
}
