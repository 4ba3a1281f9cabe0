namespace Iskra.Platform.Backup;

/// <summary>
/// A table whose rows must not be in a backup (keys whose destruction erases data everywhere); the restored store has it empty. Registered
/// as a singleton by the module that owns the table. No other table with rows may refer to it by a foreign key.
/// </summary>
/// <param name="Table">The table's name: lower case, digits and underscores.</param>
public sealed record BackupExclusion(string Table);
