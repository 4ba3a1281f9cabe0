namespace Iskra.Platform.Data.Schema;

/// <summary>A row of <c>schema_migrations</c>.</summary>
internal sealed class AppliedMigration
{
    public string Module { get; set; } = string.Empty;

    public long Version { get; set; }

    public string Name { get; set; } = string.Empty;

    public string Checksum { get; set; } = string.Empty;
}
