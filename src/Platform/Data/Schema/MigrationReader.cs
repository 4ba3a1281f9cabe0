using System.Globalization;
using System.Text.RegularExpressions;

namespace Iskra.Platform.Data.Schema;

/// <summary>Finds the embedded SQL files of each set, in the order in which they apply.</summary>
internal static partial class MigrationReader
{
    public static IReadOnlyList<Migration> Read(IEnumerable<MigrationSet> sets)
    {
        List<Migration> migrations = [];
        HashSet<(string Module, int Version)> seen = [];
        foreach (Migration migration in sets.Distinct().SelectMany(Read))
        {
            if (!seen.Add((migration.Module, migration.Version)))
            {
                throw new InvalidOperationException($"Module {migration.Module} has two migrations with number {migration.Version}.");
            }

            migrations.Add(migration);
        }

        return migrations;
    }

    private static IEnumerable<Migration> Read(MigrationSet set)
    {
        if (set.Assembly is null)
        {
            return [];
        }

        List<Migration> migrations = [];
        foreach (string resource in set.Assembly.GetManifestResourceNames())
        {
            Match match = FilePattern().Match(resource);
            if (match.Success)
            {
                using StreamReader reader = new(set.Assembly.GetManifestResourceStream(resource)!);
                int version = int.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture);
                migrations.Add(new Migration(set.Module, version, match.Groups["name"].Value, reader.ReadToEnd()));
            }
            else if (resource.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"'{resource}' of module {set.Module} is not named Migrations/NNNN_name.sql.");
            }
        }

        return migrations.OrderBy(migration => migration.Version);
    }

    [GeneratedRegex(@"(^|[/\\])Migrations[/\\](?<version>[0-9]{4})_(?<name>[a-z0-9_-]+)\.sql$", RegexOptions.ExplicitCapture)]
    private static partial Regex FilePattern();
}
