using System.Security.Cryptography;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Shares in one file, <c>erasure.shares</c>: a head of 64 bytes, then 32 bytes for each number from 1 on, all zeros once destroyed.
/// Several processes on one machine may share it: it grows under a lock file. A mirror on another disk gets every change before the call
/// returns.
/// </summary>
internal sealed class FileErasureStore : IErasureStore
{
    public const string FileName = "erasure.shares";

    private const int HeadSizeBytes = 64;
    private const int ShareSizeBytes = 32;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);

    private readonly string _path;
    private readonly string? _mirror;
    private readonly Lock _gate = new();

    private FileErasureStore(string path, string? mirror, Guid id)
    {
        _path = path;
        _mirror = mirror;
        Id = id;
    }

    public Guid Id { get; }

    public string Description => _path;

    private static ReadOnlySpan<byte> Magic => "iskra erasure 1\n"u8;

    /// <summary>Opens the file, takes it from the mirror when it is missing, and makes it when that may be done.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    /// <exception cref="FileNotFoundException">There is no file and none may be made.</exception>
    public static FileErasureStore Open(string folder, string? mirrorFolder, bool mayCreate)
    {
        string path = Path.Combine(folder, FileName);
        string? mirror = string.IsNullOrEmpty(mirrorFolder) ? null : Path.GetFullPath(Path.Combine(mirrorFolder, FileName));
        if (!File.Exists(path) && mirror is not null && File.Exists(mirror))
        {
            KeyFolder.Write(path, File.ReadAllBytes(mirror), overwrite: false);
        }

        if (!File.Exists(path))
        {
            if (!mayCreate)
            {
                throw new FileNotFoundException("There are no erasure shares.", path);
            }

            byte[] head = new byte[HeadSizeBytes];
            Magic.CopyTo(head);
            Guid.CreateVersion7().TryWriteBytes(head.AsSpan(Magic.Length), bigEndian: true, out _);
            KeyFolder.Write(path, head, overwrite: false);
        }

        Guid id = ReadId(path);
        if (mirror is not null && (!File.Exists(mirror) || !File.ReadAllBytes(mirror).AsSpan().SequenceEqual(File.ReadAllBytes(path))))
        {
            KeyFolder.Write(mirror, File.ReadAllBytes(path), overwrite: true);
        }

        return new FileErasureStore(path, mirror, id);
    }

    public ValueTask<IReadOnlyList<long>> AllocateAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        byte[] shares = RandomNumberGenerator.GetBytes(count * ShareSizeBytes);
        try
        {
            lock (_gate)
            {
                using FileStream held = TakeLock();
                long first = (new FileInfo(_path).Length - HeadSizeBytes) / ShareSizeBytes;
                WriteBoth(HeadSizeBytes + (first * ShareSizeBytes), shares);
                return new ValueTask<IReadOnlyList<long>>([.. Enumerable.Range(1, count).Select(i => first + i)]);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shares);
        }
    }

    public ValueTask<byte[]?> ReadAsync(long slot, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slot);
        return new ValueTask<byte[]?>(Read(slot));
    }

    public ValueTask DestroyAsync(long slot, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using FileStream held = TakeLock();
            if (Offset(slot) + ShareSizeBytes <= new FileInfo(_path).Length)
            {
                WriteBoth(Offset(slot), new byte[ShareSizeBytes]);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static long Offset(long slot) => HeadSizeBytes + (checked(slot - 1) * ShareSizeBytes);

    private static Guid ReadId(string path)
    {
        Span<byte> head = stackalloc byte[HeadSizeBytes];
        using FileStream file = new(path, KeyFolder.Options(FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        if (file.ReadAtLeast(head, HeadSizeBytes, throwOnEndOfStream: false) < HeadSizeBytes || !head.StartsWith(Magic))
        {
            throw new InvalidDataException($"'{path}' holds no erasure shares.");
        }

        return new Guid(head.Slice(Magic.Length, 16), bigEndian: true);
    }

    private byte[]? Read(long slot)
    {
        byte[] share = new byte[ShareSizeBytes];
        using FileStream file = new(_path, KeyFolder.Options(FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        file.Position = Offset(slot);
        int read = file.ReadAtLeast(share, share.Length, throwOnEndOfStream: false);
        return read == share.Length && share.AsSpan().ContainsAnyExcept((byte)0) ? share : null;
    }

    private void WriteBoth(long offset, byte[] bytes)
    {
        Write(_path, offset, bytes);
        if (_mirror is not null)
        {
            Write(_mirror, offset, bytes);
        }
    }

    private static void Write(string path, long offset, byte[] bytes)
    {
        using FileStream file = new(path, KeyFolder.Options(FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        file.Position = offset;
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private FileStream TakeLock()
    {
        long started = Environment.TickCount64;
        using ManualResetEventSlim never = new(false);
        while (true)
        {
            try
            {
                return new FileStream(_path + ".lock", KeyFolder.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (Environment.TickCount64 - started < LockTimeout.TotalMilliseconds)
            {
                never.Wait(LockPause);
            }
        }
    }
}
