using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Iskra.Platform.Data;

/// <summary>Tells the faults of a store from faults of ours.</summary>
public static class StoreFaults
{
    /// <summary>
    /// The fault behind an exception or behind what it wraps; null when it is none of the store's, or one that won't pass.
    /// </summary>
    public static StoreFault? Of(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            StoreFault? fault = inner switch
            {
                DatabaseBusyException => StoreFault.Busy,
                PostgresException postgres => Of(postgres.SqlState),
                NpgsqlException npgsql => Of(npgsql),
                SqliteException sqlite => Of(sqlite.SqliteErrorCode),
                ObjectDisposedException disposed when disposed.ObjectName == typeof(Database).FullName => StoreFault.Unreachable,
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static StoreFault? Of(NpgsqlException exception) =>
        Postgres.PostgresErrors.IsPoolExhausted(exception) ? StoreFault.Busy
        : exception.InnerException is TimeoutException ? StoreFault.TimedOut
        : Postgres.PostgresErrors.IsTransient(exception) ? StoreFault.Unreachable
        : null;

    /// <summary>The classes and codes of PostgreSQL's appendix A.</summary>
    private static StoreFault? Of(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.DiskFull => StoreFault.Full,
        PostgresErrorCodes.QueryCanceled => StoreFault.TimedOut,
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable =>
            StoreFault.Busy,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.ReadOnlySqlTransaction => StoreFault.Unreachable,
        _ when sqlState.StartsWith("53", StringComparison.Ordinal) => StoreFault.Busy,
        _ when sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("58", StringComparison.Ordinal) =>
            StoreFault.Unreachable,
        _ => null,
    };

    private static StoreFault? Of(int sqliteCode) => sqliteCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreFault.Busy,
        raw.SQLITE_FULL => StoreFault.Full,
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_NOMEM => StoreFault.Unreachable,
        _ => null,
    };
}
