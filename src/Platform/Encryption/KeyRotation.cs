using System.Globalization;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Rotation: a new key wraps what the older one wrapped; data is never sealed anew. It may be repeated and may be cut short at any point:
/// older versions unwrap what is left, and the next rotation, or the same one again, goes on. Thread-safe.
/// </summary>
internal sealed class KeyRotation(
    Database database,
    RootKeys roots,
    RootKeySource source,
    TenantKeys tenants,
    DataKeys keys,
    AuditLog audit,
    AuditSigningKeys signing,
    IOptions<EncryptionOptions> options)
{
    public Task<IReadOnlyList<int>> TenantsAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QueryAsync<int>("select id from tenants order by id"), cancellationToken);

    /// <summary>Gives a tenant a new key and wraps its data keys with it, batch by batch; gives the version and how many keys.</summary>
    public async Task<(int Version, int Rewrapped)> RotateTenantAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        AuditActor actor = AuditActor.Current;
        int version = await database.WriteAsync(
            async session =>
            {
                int next = await tenants.AddNextAsync(session, tenant);
                await keys.RenewTenantsOwnAsync(session, tenant);
                await audit.AppendAsync(
                    session,
                    new AuditEntry(tenant, AuditEventKind.EncryptionKeyRotated)
                    {
                        Actor = actor,
                        Target = string.Create(CultureInfo.InvariantCulture, $"version {next}"),
                    });
                if (tenant == TenantId.Default)
                {
                    await signing.RotateAsync(session);
                }

                return next;
            },
            cancellationToken);
        int rewrapped = 0;
        int batch;
        do
        {
            batch = await database.WriteAsync(
                session => keys.RewrapAsync(session, tenant, options.Value.RewrapBatchMax), cancellationToken);
            rewrapped += batch;
        }
        while (batch > 0);

        return (version, rewrapped);
    }

    /// <summary>
    /// Exchanges the root key: for the key in <paramref name="newKeyFile"/>, or for a new one in our own file. Gives the new key's id.
    /// </summary>
    /// <exception cref="StartupException">The key comes from the environment and no file with the new one was named.</exception>
    public async Task<string> RotateRootAsync(string? newKeyFile, CancellationToken cancellationToken)
    {
        if (newKeyFile is null && !source.IsOwn)
        {
            throw new StartupException(
                ExitCode.Usage,
                $"The root key comes from {source.Description}, which this program can't change: write a new one to a file "
                + "(openssl rand -base64 32), name it with --new-key-file, and put it in force there before the next start.");
        }

        RootKey key = source.IsOwn ? source.CreateNext(newKeyFile) : source.Read(newKeyFile!);
        AuditEntry entry = new(TenantId.Default, AuditEventKind.RootKeyRotated) { Target = "root key " + key.IdText };
        await database.WriteAsync(
            async session =>
            {
                await audit.AppendAsync(session, entry);
                CheckedRoot now = await roots.GetAsync(session);
                CheckedRoot next = new(key, now.Generation + 1);
                await TenantKeys.RewrapAllAsync(session, now, next);
                await roots.AddAsync(session, next);
            },
            cancellationToken);
        if (source.IsOwn)
        {
            // A crash before this is put right by the next start, which finds the next key beside the old one.
            source.PutNextInPlace();
        }

        roots.Reset();
        return key.IdText;
    }
}
