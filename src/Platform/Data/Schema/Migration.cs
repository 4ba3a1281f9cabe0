using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Data.Schema;

/// <summary>One numbered SQL file. The checksum covers the whole file, for all engines, with line ends as LF.</summary>
internal sealed record Migration
{
    private const string SectionMark = "-- engine:";

    public Migration(string module, int version, string name, string text)
    {
        Module = module;
        Version = version;
        Name = name;
        Text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }

    public string Module { get; }

    public int Version { get; }

    public string Name { get; }

    public string Text { get; }

    public string Checksum { get; }

    public string FileName => $"{Version:D4}_{Name}.sql";

    /// <summary>The statements for one engine: text before the first mark, and the sections marked with the engine or with "any".</summary>
    public string For(DatabaseEngine engine)
    {
        StringBuilder sql = new();
        bool isIncluded = true;
        foreach (string line in Text.Split('\n'))
        {
            if (line.StartsWith(SectionMark, StringComparison.Ordinal))
            {
                isIncluded = Includes(line[SectionMark.Length..].Trim(), engine);
            }
            else if (isIncluded)
            {
                sql.Append(line).Append('\n');
            }
        }

        return sql.ToString().Trim();
    }

    private bool Includes(string section, DatabaseEngine engine) => section switch
    {
        "any" => true,
        "sqlite" => engine == DatabaseEngine.Sqlite,
        "postgres" => engine == DatabaseEngine.Postgres,
        _ => throw new InvalidOperationException($"Migration {Module}/{FileName} has a section for the unknown engine '{section}'."),
    };
}
