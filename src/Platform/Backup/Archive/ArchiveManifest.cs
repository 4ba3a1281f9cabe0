using Iskra.Platform.Hosting;

namespace Iskra.Platform.Backup.Archive;

/// <summary>What the backup holds, told by the snapshot itself: the first chunk of an archive, as JSON.</summary>
/// <param name="Product">Version of Iskra that wrote it.</param>
/// <param name="EngineDescription">"SQLite 3.40.1 (system library)", "PostgreSQL 15.20".</param>
/// <param name="CreatedAt">The moment that the content shows.</param>
/// <param name="Migrations">"module/version name", as they were applied.</param>
/// <param name="Tables">Every table and its rows.</param>
/// <param name="Heads">Where each module's sequences stood: <see cref="BackupHead"/>.</param>
/// <param name="EmptiedTables">Tables that are there without their rows: <see cref="BackupExclusion"/>.</param>
internal sealed record ArchiveManifest(
    string Product,
    string EngineDescription,
    DateTimeOffset CreatedAt,
    IReadOnlyList<string> Migrations,
    IReadOnlyDictionary<string, long> Tables,
    IReadOnlyDictionary<string, long> Heads,
    IReadOnlyList<string> EmptiedTables)
{
    public byte[] ToBytes() => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(this, StrictJson.TypeInfo<ArchiveManifest>());

    /// <exception cref="BackupException">It is of a version that this program doesn't know.</exception>
    public static ArchiveManifest Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize(bytes, StrictJson.TypeInfo<ArchiveManifest>())!;
        }
        catch (System.Text.Json.JsonException)
        {
            throw new BackupException(
                BackupFault.NewerFormat, "its manifest has fields that this program doesn't know. Use a newer version");
        }
    }
}
