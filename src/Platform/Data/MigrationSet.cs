using System.Reflection;

namespace Iskra.Platform.Data;

/// <summary>
/// A module's numbered SQL files, embedded under <c>Storage/Migrations/NNNN_name.sql</c>. A file may hold sections
/// <c>-- engine: sqlite</c>, <c>-- engine: postgres</c> and <c>-- engine: any</c>; text before the first is for any engine.
/// </summary>
/// <param name="Module">The module's name; versions are counted per module.</param>
/// <param name="Assembly">The assembly that embeds the files; null for a module without tables.</param>
public sealed record MigrationSet(string Module, Assembly? Assembly)
{
    /// <summary>For a module without tables.</summary>
    public static MigrationSet None { get; } = new("none", null);

    /// <summary>The platform's own tables (keys, outbox); every database has them.</summary>
    internal static MigrationSet Platform { get; } = new("platform", typeof(MigrationSet).Assembly);
}
