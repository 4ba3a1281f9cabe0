using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Posting;

/// <summary>
/// Lets one process at a time write the ledger. On PostgreSQL it is a session's advisory lock, which the server drops when the process
/// dies; the epoch in each commit shuts out a writer that does not know yet. On SQLite the data folder's lock does it.
/// </summary>
internal static class LedgerOwnership
{
    /// <summary>"ISKRA" and the shard number; any constant does, it only has to be ours.</summary>
    private const long LockKey = 0x49534B5241_00;

    /// <summary>Runs the body while the lock is held; false when another process holds it.</summary>
    public static Task<bool> RunAsync(Database database, Func<CancellationToken, Task<bool>> body, CancellationToken cancellationToken)
    {
        if (database.Engine == DatabaseEngine.Sqlite)
        {
            return body(cancellationToken);
        }

        return database.ReadAsync(
            async session =>
            {
                if (!await session.ScalarAsync<bool>("select pg_try_advisory_lock(@LockKey)", new { LockKey }))
                {
                    return false;
                }

                try
                {
                    return await body(cancellationToken);
                }
                finally
                {
                    await session.ScalarAsync<bool>("select pg_advisory_unlock(@LockKey)", new { LockKey });
                }
            },
            cancellationToken);
    }
}
