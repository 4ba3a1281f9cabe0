using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Encryption;

/// <summary>
/// The root key of this database, checked against what the database remembers of it: another key, or another store of erasure shares, is
/// refused before anything is sealed with it. Thread-safe.
/// </summary>
internal sealed class RootKeys(RootKeySource source, ErasureShares shares, TimeProvider time)
{
    private const string Insert = """
        insert into encryption_roots (generation, root_id, check_value, erasure_store, created_at)
        values (@Generation, @RootId, @CheckValue, @ErasureStore, @CreatedAt) on conflict do nothing
        """;

    private CheckedRoot? _checked;

    /// <summary>Forgets what was checked: the next use reads it again.</summary>
    public void Reset() => Volatile.Write(ref _checked, null);

    /// <exception cref="StartupException">The key or the erasure store is missing, or isn't this database's.</exception>
    public async ValueTask<CheckedRoot> GetAsync(DbSession session)
    {
        if (Volatile.Read(ref _checked) is { } done)
        {
            return done;
        }

        CheckedRoot root = await CheckAsync(await NewestAsync(session) ?? await CreateAsync(session));
        if (session.Transaction is null)
        {
            Volatile.Write(ref _checked, root);
        }
        else
        {
            session.OnCommitted(() => Volatile.Write(ref _checked, root));
        }

        return root;
    }

    /// <summary>Records the key that a rotation goes to; the caller rewraps the tenants' keys in the same transaction.</summary>
    public async Task AddAsync(DbSession session, CheckedRoot next) => await session.ExecuteAsync(
        Insert,
        new RootRow
        {
            Generation = next.Generation,
            RootId = next.Key.Id,
            CheckValue = next.Key.CheckValue,
            ErasureStore = (await shares.StoreAsync()).Id,
            CreatedAt = time.NowMicroseconds(),
        });

    public static Task<IReadOnlyList<RootRow>> ListAsync(DbSession session) => session.QueryAsync<RootRow>(
        "select generation, root_id, check_value, erasure_store, created_at from encryption_roots order by generation desc");

    private static Task<RootRow?> NewestAsync(DbSession session) => session.QuerySingleOrDefaultAsync<RootRow>(
        "select generation, root_id, check_value, erasure_store, created_at from encryption_roots order by generation desc limit 1");

    private async Task<RootRow> CreateAsync(DbSession session)
    {
        if (session.Transaction is null)
        {
            throw new StartupException(ExitCode.Failure, "The database has no keys yet. Run 'iskra serve' once.");
        }

        RootKey key = source.Load() ?? source.Create();
        RootRow row = new()
        {
            Generation = 1,
            RootId = key.Id,
            CheckValue = key.CheckValue,
            ErasureStore = (await shares.StoreAsync(mayCreate: true)).Id,
            CreatedAt = time.NowMicroseconds(),
        };
        key.Dispose();

        // Of two replicas that start at once one wins; the other compares itself with the winner like any later start.
        await session.ExecuteAsync(Insert, row);
        return (await NewestAsync(session))!;
    }

    private async Task<CheckedRoot> CheckAsync(RootRow row)
    {
        string expected = Convert.ToHexStringLower(row.RootId);
        RootKey key = source.Load() ?? throw new StartupException(
            ExitCode.BadConfiguration,
            $"The root key of this database (key {expected}) is missing: {source.Description} isn't there. Put the file back, or give the "
            + "key with ISKRA_ROOT_KEY or ISKRA_ROOT_KEY_FILE; all replicas need the same one.");
        if (!IsOf(key, row) && source.LoadNext() is { } next)
        {
            if (IsOf(next, row))
            {
                source.PutNextInPlace();
                key = next;
            }
        }

        if (!IsOf(key, row))
        {
            throw new StartupException(
                ExitCode.BadConfiguration,
                $"The root key from {source.Description} (key {key.IdText}) isn't the one of this database (key {expected}). Give the "
                + "right one with ISKRA_ROOT_KEY or ISKRA_ROOT_KEY_FILE; all replicas need the same one.");
        }

        IErasureStore store = await shares.StoreAsync();
        return store.Id == row.ErasureStore
            ? new CheckedRoot(key, row.Generation)
            : throw new StartupException(
                ExitCode.BadConfiguration,
                $"The erasure shares at {store.Description} aren't those of this database. All replicas need the same ones: share the "
                + "folder (Encryption:KeyFolder, ISKRA_KEY_FOLDER) or set Encryption:KeyDatabase (ISKRA_KEY_DATABASE).");
    }

    private static bool IsOf(RootKey key, RootRow row) => CryptographicOperations.FixedTimeEquals(key.CheckValue, row.CheckValue);
}

/// <summary>A root key that is this database's, and which of its root keys in turn.</summary>
internal sealed record CheckedRoot(RootKey Key, int Generation);
