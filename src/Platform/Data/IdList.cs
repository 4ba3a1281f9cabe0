using System.Data;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Data;

/// <summary>
/// A list of ids for <c>WHERE id IN @Ids</c> and <c>NOT IN @Ids</c>, on both engines; an empty list matches nothing. Made by
/// <see cref="Ids.List"/>.
/// </summary>
public sealed class IdList : SqlMapper.ICustomQueryParameter
{
    private readonly Guid[] _ids;

    internal IdList(Guid[] ids) => _ids = ids;

    /// <inheritdoc/>
    public void AddParameter(IDbCommand command, string name)
    {
        string place = @"@" + Regex.Escape(name) + @"(?![A-Za-z0-9_])";
        if (command is SqliteCommand sqlite)
        {
            for (int i = 0; i < _ids.Length; i++)
            {
                sqlite.Parameters.Add(Parameter(name, i), SqliteType.Blob).Value = _ids[i].ToByteArray(bigEndian: true);
            }

            string list = _ids.Length == 0 ? "SELECT NULL WHERE 1 = 0" : string.Join(',', _ids.Select((_, i) => Parameter(name, i)));
            Rewrite(command, place, $"({list})");
        }
        else
        {
            // One array, so that the statement is the same for every length and can stay prepared.
            Rewrite(command, @"\bNOT\s+IN\s+" + place, $"<> ALL (@{name})");
            Rewrite(command, @"\bIN\s+" + place, $"= ANY (@{name})");
            IDbDataParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = _ids;
            command.Parameters.Add(parameter);
        }
    }

    private static string Parameter(string name, int index) => $"@{name}__{index}";

    private static void Rewrite(IDbCommand command, string pattern, string replacement) =>
        command.CommandText = Regex.Replace(command.CommandText, pattern, _ => replacement, RegexOptions.IgnoreCase);
}
