using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Data.Mapping;

/// <summary>
/// Dapper expands a plain list of ids past the id handler, and SQLite would then compare text with blobs and find nothing. So a plain
/// list is refused there; on PostgreSQL it is an array, for <c>= any(@ids)</c>.
/// </summary>
internal sealed class GuidListGuard : SqlMapper.ITypeHandler
{
    public void SetValue(IDbDataParameter parameter, object value)
    {
        if (parameter is SqliteParameter)
        {
            throw new InvalidOperationException($"A list of ids is passed as {nameof(Ids)}.{nameof(Ids.List)}(ids).");
        }

        parameter.Value = value is IEnumerable<Guid> ids ? ids.ToArray() : value;
    }

    public object Parse(Type destinationType, object value) => value;
}
