using Iskra.Platform.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Iskra.Modules.Cards.Storage;

/// <summary>
/// A prepared statement held for the life of its connection. ADO.NET's parameter objects cost more than SQLite's own work at these
/// rates (measured in bench/README.md), so the ledger's bulk path binds directly.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    private SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>The connection's prepared statement for the text; prepared at its first use.</summary>
    public static SqliteStatement For(DbSession session, string sql)
    {
        if (session.Items.TryGetValue(sql, out object? known))
        {
            return (SqliteStatement)known;
        }

        SqliteStatement statement = new(((SqliteConnection)session.Connection).Handle!, sql);
        session.Items[sql] = statement;
        return statement;
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, long? value) =>
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, index, number) : raw.sqlite3_bind_null(_statement, index));

    public void Bind(int index, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, index, value));

    public void Bind(int index, string? value) =>
        Check(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));

    public void Bind(int index, UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Uuid.Write(id, bytes);
        Bind(index, bytes);
    }

    /// <summary>Runs it to its end and makes it ready for the next values.</summary>
    public void Execute()
    {
        int code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            Check(code);
        }
    }

    /// <summary>Steps to the next row; false at the end, after which it is ready for the next values.</summary>
    public bool Read()
    {
        int code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Ends a read before its last row.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? NullableInt64(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(_statement, column);

    public string? Text(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL
            ? null
            : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public UInt128 Id(int column)
    {
        ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(_statement, column);
        return bytes.Length == 16 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;
    }

    public int Changes() => raw.sqlite3_changes(_database);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code);
        }
    }
}
