using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Data;

/// <summary>A list of ids for <c>WHERE id IN @Ids</c>, on both engines. Made by <see cref="Ids.List"/>.</summary>
public sealed class IdList : SqlMapper.ICustomQueryParameter
{
    private readonly IReadOnlyList<Guid> _ids;

    internal IdList(IReadOnlyList<Guid> ids) => _ids = ids;

    /// <inheritdoc/>
    public void AddParameter(IDbCommand command, string name)
    {
#pragma warning disable CS0618 // The expansion of IN lists is public for generated code, which is what this stands in for.
        if (command is SqliteCommand)
        {
            SqlMapper.PackListParameters(command, name, _ids.Select(id => id.ToByteArray(bigEndian: true)).ToArray());
        }
        else
        {
            SqlMapper.PackListParameters(command, name, _ids);
        }
#pragma warning restore CS0618
    }
}
