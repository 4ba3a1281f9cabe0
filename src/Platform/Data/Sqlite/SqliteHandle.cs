using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>An open connection with what its users keep on it. Used by one thread at a time.</summary>
internal sealed class SqliteHandle : IDisposable
{
    public SqliteHandle(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    public Dictionary<string, object> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs a statement without a command object: transaction control is too frequent for ADO.NET's checks.</summary>
    public void Execute(string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(Connection.Handle, sql), Connection.Handle);

    public void Dispose()
    {
        foreach (IDisposable item in Items.Values.OfType<IDisposable>())
        {
            item.Dispose();
        }

        Items.Clear();
        Connection.Dispose();
    }
}
