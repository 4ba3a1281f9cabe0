using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Audit;

/// <summary>
/// The key ring that signs checkpoints: the newest key signs, the public halves of all stay. Private halves are sealed under the default
/// tenant's own key, so whoever can only write the database can sign nothing. Thread-safe.
/// </summary>
internal sealed class AuditSigningKeys(Sealer sealer, TimeProvider time)
{
    /// <summary>The key that signs; made when there is none, which needs a write. The caller disposes it.</summary>
    public async Task<(int Id, ECDsa Key)> CurrentAsync(DbSession session)
    {
        SigningKeyRow? row = await NewestAsync(session);
        if (row is null)
        {
            await AddAsync(session, 1);
            row = await NewestAsync(session);
        }

        return (row!.Id, await OpenAsync(session, row));
    }

    /// <summary>Makes a new key; earlier checkpoints stay good under the older ones. Gives its number.</summary>
    public async Task<int> RotateAsync(DbSession session)
    {
        int next = ((await NewestAsync(session))?.Id ?? 0) + 1;
        await AddAsync(session, next);
        return next;
    }

    /// <summary>The public halves (SubjectPublicKeyInfo, DER), by number.</summary>
    public static async Task<IReadOnlyDictionary<int, byte[]>> PublicKeysAsync(DbSession session) =>
        (await session.QueryAsync<SigningKeyRow>("select id, public_key, private_key from audit_signing_keys order by id"))
            .ToDictionary(row => row.Id, row => row.PublicKey);

    /// <summary>The numbers of keys whose public half isn't that of their sealed private half: someone exchanged it.</summary>
    /// <exception cref="Hosting.StartupException">The root key isn't there to check with.</exception>
    public async Task<IReadOnlyList<int>> FindExchangedAsync(DbSession session)
    {
        List<int> exchanged = [];
        foreach (SigningKeyRow row in await session.QueryAsync<SigningKeyRow>("select id, public_key, private_key from audit_signing_keys"))
        {
            try
            {
                using ECDsa key = await OpenAsync(session, row);
                if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(row.PublicKey))
                {
                    exchanged.Add(row.Id);
                }
            }
            catch (CryptographicException)
            {
                exchanged.Add(row.Id);
            }
        }

        return exchanged;
    }

    private static Task<SigningKeyRow?> NewestAsync(DbSession session) => session.QuerySingleOrDefaultAsync<SigningKeyRow>(
        "select id, public_key, private_key from audit_signing_keys order by id desc limit 1");

    private static byte[] Purpose(int id) => System.Text.Encoding.ASCII.GetBytes($"audit-signing-key|{id}");

    private async Task AddAsync(DbSession session, int id)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] secret = key.ExportPkcs8PrivateKey();
        await session.ExecuteAsync(
            """
            insert into audit_signing_keys (id, public_key, private_key, created_at) values (@id, @spki, @sealedKey, @now)
            on conflict do nothing
            """,
            new
            {
                id,
                spki = key.ExportSubjectPublicKeyInfo(),
                sealedKey = await sealer.SealAsync(session, TenantId.Default, null, secret, Purpose(id)),
                now = time.NowMicroseconds(),
            });
        CryptographicOperations.ZeroMemory(secret);
    }

    private async Task<ECDsa> OpenAsync(DbSession session, SigningKeyRow row)
    {
        OpenedValue secret = await sealer.OpenAsync(session, TenantId.Default, row.PrivateKey, Purpose(row.Id));
        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret.Bytes, out _);
        CryptographicOperations.ZeroMemory(secret.Bytes);
        return key;
    }

    private sealed class SigningKeyRow
    {
        public int Id { get; set; }

        public byte[] PublicKey { get; set; } = [];

        public byte[] PrivateKey { get; set; } = [];
    }
}
