namespace Iskra.Platform.Backup;

/// <summary>
/// A sequence of a module's whose position goes into each backup's manifest, so that a person sees how far a backup goes and a test can
/// compare. Registered as a singleton by the module.
/// </summary>
/// <param name="Name">Module and noun: <c>cards.journal</c>.</param>
/// <param name="Table">The table that the query reads; where it isn't there, the head is left out.</param>
/// <param name="Sql">One number, for both engines. Must be quick.</param>
public sealed record BackupHead(string Name, string Table, string Sql);
