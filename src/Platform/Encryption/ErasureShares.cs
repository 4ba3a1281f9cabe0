using System.Collections.Concurrent;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Encryption;

/// <summary>
/// The erasure store that the settings name, opened at its first use, and a stock of unused shares, so that a new subject rarely waits for
/// the disk. What is left of the stock when the process ends is never used: 32 bytes each. Thread-safe.
/// </summary>
internal sealed class ErasureShares(IOptions<EncryptionOptions> options, IOptions<DataOptions> data) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConcurrentQueue<long> _stock = new();
    private IErasureStore? _store;

    /// <summary>On the embedded engine this completes without waiting, so a write's delegate may await it.</summary>
    /// <param name="mayCreate">Whether a store may be made when there is none: only for a database that has no keys yet.</param>
    /// <param name="cancellationToken">Stops waiting for a server.</param>
    public async ValueTask<IErasureStore> StoreAsync(bool mayCreate = false, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _store) is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            _store ??= await OpenAsync(mayCreate, cancellationToken);
            return _store;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>A number that no key uses, of a share that is durable.</summary>
    public async ValueTask<long> TakeAsync(CancellationToken cancellationToken = default)
    {
        long slot;
        while (!_stock.TryDequeue(out slot))
        {
            IErasureStore store = await StoreAsync(cancellationToken: cancellationToken);
            foreach (long made in await store.AllocateAsync(options.Value.ShareBlock, cancellationToken))
            {
                _stock.Enqueue(made);
            }
        }

        return slot;
    }

    public async ValueTask DisposeAsync()
    {
        _opening.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private async Task<IErasureStore> OpenAsync(bool mayCreate, CancellationToken cancellationToken)
    {
        if (options.Value.KeyDatabase is { Length: > 0 } database)
        {
            if (string.IsNullOrWhiteSpace(data.Value.Database))
            {
                throw new StartupException(
                    ExitCode.BadConfiguration,
                    "Encryption:KeyDatabase (ISKRA_KEY_DATABASE) needs Data:Database (ISKRA_DATABASE): the embedded engine keeps its "
                    + "shares in Encryption:KeyFolder.");
            }

            return await PostgresErasureStore.OpenAsync(database, cancellationToken);
        }

        string folder = RootKeySource.FolderOf(options.Value, data.Value);
        try
        {
            return FileErasureStore.Open(folder, options.Value.MirrorFolder, mayCreate);
        }
        catch (FileNotFoundException e)
        {
            throw new StartupException(
                ExitCode.BadConfiguration,
                $"The erasure shares of this database are missing: '{e.FileName}'. Without them no person's data opens. Put the file or "
                + "its mirror back, or name its folder with Encryption:KeyFolder (ISKRA_KEY_FOLDER).",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw KeyFolder.Unusable(Path.Combine(folder, FileErasureStore.FileName), e);
        }
    }
}
