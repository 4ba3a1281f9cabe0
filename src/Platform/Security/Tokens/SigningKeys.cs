using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// The ring of signing keys. A next key is published before it signs, and a former one stays until the tokens that it signed have ended, so
/// nobody ever meets a token whose key they can't find. All replicas share the ring: each takes the newest active key, so two that make a
/// key at once do no harm. Thread-safe.
/// </summary>
internal sealed class SigningKeys(
    Database database,
    Sealer sealer,
    SecurityAudit audit,
    IOptions<TokenOptions> options,
    TimeProvider time,
    ILogger<SigningKeys> logger) : IDisposable
{
    private const string Select = "select kid, public_key, sealed_key, created_at, active_at from security_signing_keys";

    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reload = new(1);
    private volatile SigningKeyRing _ring = SigningKeyRing.Empty;
    private long _reloadedAt = long.MinValue;

    /// <summary>As it was read last.</summary>
    internal SigningKeyRing Ring => _ring;

    public void Dispose() => _reload.Dispose();

    /// <summary>Reads the ring, makes the first key or the next one when it is time, and removes keys whose tokens have ended.</summary>
    internal async Task<SigningKeyRing> RefreshAsync(CancellationToken cancellationToken)
    {
        long now = time.NowMicroseconds();
        SigningKeyRing ring = await LoadAsync(cancellationToken);
        if (ring.Newest is not { } newest)
        {
            return await RotateAsync(isUrgent: false, isByHand: false, cancellationToken);
        }

        if (newest.ActiveAt <= now - Microseconds(options.Value.SigningKeyTime - options.Value.PublishAhead))
        {
            ring = await RotateAsync(isUrgent: false, isByHand: false, cancellationToken);
        }

        string[] ended = ring.EndedBefore(now - Microseconds(options.Value.AccessTime + options.Value.ClockSkew + options.Value.ClockSkew));
        if (ended.Length == 0)
        {
            return ring;
        }

        await database.WriteAsync(
            async session =>
            {
                foreach (string kid in ended)
                {
                    await session.ExecuteAsync("delete from security_signing_keys where kid = @Kid", new { Kid = kid });
                }
            },
            cancellationToken);
        return await LoadAsync(cancellationToken);
    }

    /// <summary>
    /// Makes the next key. It signs after <see cref="TokenOptions.PublishAhead"/>; the first of all at once. When it is urgent (a key has
    /// leaked) it signs at once too, and the others are removed: every token that they signed ends.
    /// </summary>
    internal async Task<SigningKeyRing> RotateAsync(bool isUrgent, bool isByHand, CancellationToken cancellationToken)
    {
        (string kid, byte[] publicKey, byte[] privateKey) = Create();
        long now = time.NowMicroseconds();
        long newestAllowed = now - Microseconds(options.Value.SigningKeyTime - options.Value.PublishAhead);
        bool isScheduled = !isUrgent && !isByHand;
        await database.WriteAsync(
            async session =>
            {
                IReadOnlyList<SigningKeyRow> rows = await session.QueryAsync<SigningKeyRow>(Select);
                if (isScheduled && rows.Any(row => row.ActiveAt > newestAllowed))
                {
                    // Another replica was first.
                    return;
                }

                if (isUrgent)
                {
                    await session.ExecuteAsync("delete from security_signing_keys");
                }

                byte[] sealedKey = await sealer.SealAsync(session, TenantId.Default, null, privateKey, Encoding.UTF8.GetBytes(kid));
                await session.ExecuteAsync(
                    """
                    insert into security_signing_keys (kid, public_key, sealed_key, created_at, active_at)
                    values (@Kid, @PublicKey, @SealedKey, @Now, @ActiveAt)
                    """,
                    new
                    {
                        Kid = kid,
                        PublicKey = publicKey,
                        SealedKey = sealedKey,
                        Now = now,
                        ActiveAt = isUrgent || rows.Count == 0 ? now : now + Microseconds(options.Value.PublishAhead),
                    });
                await audit.RecordAsync(
                    session, AuditEventKind.TokenSigningKeyRotated, TenantId.Default, AuditActor.System, $"signing key {kid}");
            },
            cancellationToken);
        return await LoadAsync(cancellationToken);
    }

    /// <summary>The key with this id. One that isn't known makes the ring be read again, once in a second at most: tokens with made-up ids
    /// cost no reads.</summary>
    internal ValueTask<SigningKey?> FindAsync(string kid, CancellationToken cancellationToken)
    {
        if (_ring.Find(kid) is { } key)
        {
            return new ValueTask<SigningKey?>(key);
        }

        long last = Interlocked.Read(ref _reloadedAt);
        return last != long.MinValue && time.GetElapsedTime(last) < ReloadInterval
            ? default
            : FindAgainAsync(kid, cancellationToken);
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private async ValueTask<SigningKey?> FindAgainAsync(string kid, CancellationToken cancellationToken)
    {
        SigningKeyRing ring = await LoadAsync(cancellationToken);
        return ring.Find(kid);
    }

    /// <summary>Reads the ring as the store has it.</summary>
    internal async Task<SigningKeyRing> LoadAsync(CancellationToken cancellationToken)
    {
        await _reload.WaitAsync(cancellationToken);
        try
        {
            SigningKeyRing old = _ring;
            _ring = await database.ReadAsync(
                async session =>
                {
                    List<SigningKey> keys = [];
                    foreach (SigningKeyRow row in await session.QueryAsync<SigningKeyRow>(Select))
                    {
                        SigningKey? known = old.Find(row.Kid);
                        keys.Add(known is { CanSign: true } ? known : new SigningKey(row, await OpenAsync(session, row)));
                    }

                    return new SigningKeyRing(keys);
                },
                cancellationToken);
            Interlocked.Exchange(ref _reloadedAt, time.GetTimestamp());
            return _ring;
        }
        finally
        {
            _reload.Release();
        }
    }

    private static (string Kid, byte[] PublicKey, byte[] PrivateKey) Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();

        // Half of a hash of the public key: 128 bits, the same for the same key.
        string kid = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(publicKey).AsSpan(0, 16));
        return (kid, publicKey, key.ExportPkcs8PrivateKey());
    }

    /// <summary>Without it tokens are checked here all the same, and signed elsewhere.</summary>
    private async ValueTask<byte[]?> OpenAsync(DbSession session, SigningKeyRow row)
    {
        try
        {
            OpenedValue opened = await sealer.OpenAsync(session, TenantId.Default, row.SealedKey, Encoding.UTF8.GetBytes(row.Kid));
            return opened.IsErased ? null : opened.Bytes;
        }
        catch (CryptographicException)
        {
            Log.SigningKeyNotOpened(logger);
            return null;
        }
    }
}
