using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>The first admin key: from the environment, or made by the first run.</summary>
public sealed class AdminKeys
{
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
            await _keys.StoreAsync(key, prefix, "ISKRA_ADMIN_KEY", [Scopes.Admin], null, KeyOrigin.Environment, cancellationToken);
        }

        int replaced = await ReplaceOthersAsync(hash, cancellationToken);
        Log.AdminKeySet(_logger, prefix, replaced);
    }

    /// <summary>Makes the first key when there is none at all; null when there is one.</summary>
    public async Task<NewApiKey?> CreateFirstAsync(CancellationToken cancellationToken) =>
        await _keys.AnyAsync(cancellationToken)
            ? null
            : await _keys.CreateAsync("first admin key", [Scopes.Admin], null, KeyOrigin.FirstRun, cancellationToken);

    private Task<int> ReplaceOthersAsync(Hash256 hash, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(
                "update security_keys set revoked_at = null, revoked_reason = null where key_hash = @Hash and revoked_reason = @Reason",
                new { Hash = hash.ToArray(), Reason = (int)RevocationReason.Replaced });
            return await session.ExecuteAsync(
                """
                update security_keys set revoked_at = @Now, revoked_reason = @Reason
                where origin = @Origin and key_hash <> @Hash and revoked_at is null
                """,
                new
                {
                    Now = _time.NowMicroseconds(),
                    Reason = (int)RevocationReason.Replaced,
                    Origin = (int)KeyOrigin.Environment,
                    Hash = hash.ToArray(),
                });
        },
        cancellationToken);
}
