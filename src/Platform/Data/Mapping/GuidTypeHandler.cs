using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Data.Mapping;

/// <summary>Ids are 16 bytes big-endian on SQLite, so that they sort by time, and <c>uuid</c> on PostgreSQL.</summary>
internal sealed class GuidTypeHandler : SqlMapper.TypeHandler<Guid>
{
    public override void SetValue(IDbDataParameter parameter, Guid value)
    {
        if (parameter is SqliteParameter sqlite)
        {
            sqlite.SqliteType = SqliteType.Blob;
            sqlite.Value = value.ToByteArray(bigEndian: true);
        }
        else
        {
            parameter.DbType = DbType.Guid;
            parameter.Value = value;
        }
    }

    public override Guid Parse(object value) => Ids.FromColumn(value);
}
