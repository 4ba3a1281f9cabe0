using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>What the server does about keys before it answers anyone.</summary>
public sealed class EncryptionStart
{
    private readonly Database _database;
    private readonly RootKeys _roots;
    private readonly RootKeySource _source;
    private readonly DataKeys _keys;
    private readonly SubjectKeys _subjects;

    internal EncryptionStart(Database database, RootKeys roots, RootKeySource source, DataKeys keys, SubjectKeys subjects)
    {
        _database = database;
        _roots = roots;
        _source = source;
        _keys = keys;
        _subjects = subjects;
    }

    /// <summary>
    /// Finds the root key and the erasure shares, makes them for a new database, checks that they are this database's, and finishes
    /// erasures that a crash cut short. Gives what the person at the terminal must know: where new keys were written; null when none were.
    /// </summary>
    /// <exception cref="Hosting.StartupException">A key is missing or another database's.</exception>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        bool isNew = await _database.ReadAsync(async session => (await RootKeys.ListAsync(session)).Count == 0, cancellationToken);
        await _database.WriteAsync(
            async session =>
            {
                await _roots.GetAsync(session);
                await _keys.CurrentAsync(session, TenantId.Default, DataKeys.TenantItself);
            },
            cancellationToken);
        await _subjects.FinishAsync(cancellationToken);
        return isNew && _source.IsOwn ? _source.Description.Trim('\'') : null;
    }
}
