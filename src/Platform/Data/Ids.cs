using System.Data.Common;

namespace Iskra.Platform.Data;

/// <summary>
/// Ids as the engines store them, for code that binds and reads ADO.NET commands by itself; Dapper does the same through a handler.
/// </summary>
public static class Ids
{
    /// <summary>The value to bind: 16 bytes big-endian on SQLite, the <see cref="Guid"/> on PostgreSQL.</summary>
    public static object ToParameter(DatabaseEngine engine, Guid id) =>
        engine == DatabaseEngine.Sqlite ? id.ToByteArray(bigEndian: true) : id;

    /// <summary>Reads an id column, which must not be null.</summary>
    public static Guid Read(DbDataReader reader, int ordinal) => FromColumn(reader.GetValue(ordinal));

    /// <summary>The parameter for <c>WHERE id IN @Ids</c>; a plain list is refused on SQLite, where it would find nothing.</summary>
    public static IdList List(IEnumerable<Guid> ids) => new([.. ids]);

    internal static Guid FromColumn(object value) => value switch
    {
        Guid id => id,
        byte[] { Length: 16 } bytes => new Guid(bytes, bigEndian: true),
        _ => throw new InvalidDataException($"An id column holds {value.GetType().Name}, which is no id."),
    };
}
