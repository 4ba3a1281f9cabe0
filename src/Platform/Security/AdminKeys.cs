using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>The first admin key: from the environment, or made by the first run.</summary>
public sealed class AdminKeys
{
    /// <summary>The operator of the installation: everything in the default tenant, and the tenants themselves.</summary>
    private static readonly string[] FirstScopes = [Scopes.Admin, Scopes.System];

    private readonly Database _database;
    private readonly ApiKeys _keys;
    private readonly SecurityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AdminKeys> _logger;

    internal AdminKeys(Database database, ApiKeys keys, IOptions<SecurityOptions> options, TimeProvider time, ILogger<AdminKeys> logger)
    {
        _database = database;
        _keys = keys;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>Puts the environment's key in force and revokes the one that it replaces. Does nothing when the environment names
    /// none.</summary>
    /// <exception cref="StartupException">The environment names a key that someone revoked.</exception>
    public async Task ApplyEnvironmentAsync(CancellationToken cancellationToken)
    {
        if (_options.AdminKey is not { Length: > 0 } key)
        {
            return;
        }

        Hash256 hash = Hash256.Of(key);
        KeyRow? row = await _keys.FindAsync(hash, cancellationToken);
        if (row is { RevokedReason: (int)RevocationReason.ByHand })
        {
            throw new StartupException(
                ExitCode.BadConfiguration,
                $"ISKRA_ADMIN_KEY names a key that was revoked (prefix {row.Prefix}). Set another one, or none.");
        }

        string prefix = row?.Prefix ?? ApiKeyFormat.NewPrefix();
        if (row is null)
        {
            await _keys.StoreAsync(TenantId.Default, key, prefix, "ISKRA_ADMIN_KEY", FirstScopes, null, KeyOrigin.Environment, null,
                cancellationToken);
        }

        int replaced = await ReplaceOthersAsync(hash, cancellationToken);
        Log.AdminKeySet(_logger, prefix, replaced);
    }

    /// <summary>Makes the first key when there is none at all; null when there is one.</summary>
    public async Task<NewApiKey?> CreateFirstAsync(CancellationToken cancellationToken) =>
        await _keys.AnyAsync(cancellationToken)
            ? null
            : await _keys.CreateAsync(
                TenantId.Default, "first admin key", FirstScopes, null, KeyOrigin.FirstRun, null, cancellationToken);

    private Task<int> ReplaceOthersAsync(Hash256 hash, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(
                """
                update security_keys set revoked_at = null, revoked_reason = null
                where tenant_id = @Tenant and key_hash = @Hash and revoked_reason = @Reason
                """,
                new { Tenant = TenantId.Default.Value, Hash = hash.ToArray(), Reason = (int)RevocationReason.Replaced });
            return await session.ExecuteAsync(
                """
                update security_keys set revoked_at = @Now, revoked_reason = @Reason
                where tenant_id = @Tenant and origin = @Origin and key_hash <> @Hash and revoked_at is null
                """,
                new
                {
                    Tenant = TenantId.Default.Value,
                    Now = _time.NowMicroseconds(),
                    Reason = (int)RevocationReason.Replaced,
                    Origin = (int)KeyOrigin.Environment,
                    Hash = hash.ToArray(),
                });
        },
        cancellationToken);
}
