using Iskra.Platform.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Iskra.Modules.Cards.Storage;

/// <summary>
/// A prepared statement held for the life of its connection. The ledger's bulk path binds directly: a parameter object for each value of
/// each journal line would be most of what it allocates.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    // What each parameter holds: SQLite keeps it from run to run, and half of a journal line is what the line before it had.
    private readonly Bound[] _bound;

    private SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _bound = new Bound[raw.sqlite3_bind_parameter_count(_statement) + 1];
    }

    private enum Content : byte
    {
        Unknown = 0,
        Null = 1,
        Number = 2,
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

    public void Bind(int index, long value)
    {
        Bound wanted = new(Content.Number, value);
        if (_bound[index] != wanted)
        {
            _bound[index] = default;
            Check(raw.sqlite3_bind_int64(_statement, index, value));
            _bound[index] = wanted;
        }
    }

    public void Bind(int index, long? value)
    {
        if (value is { } number)
        {
            Bind(index, number);
        }
        else
        {
            BindNull(index);
        }
    }

    public void Bind(int index, ReadOnlySpan<byte> value)
    {
        _bound[index] = default;
        Check(raw.sqlite3_bind_blob(_statement, index, value));
    }

    public void Bind(int index, string? value)
    {
        if (value is null)
        {
            BindNull(index);
        }
        else
        {
            _bound[index] = default;
            Check(raw.sqlite3_bind_text(_statement, index, value));
        }
    }

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

    private void BindNull(int index)
    {
        Bound wanted = new(Content.Null, 0);
        if (_bound[index] != wanted)
        {
            _bound[index] = default;
            Check(raw.sqlite3_bind_null(_statement, index));
            _bound[index] = wanted;
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code);
        }
    }

    private readonly record struct Bound(Content Content, long Value);
}
