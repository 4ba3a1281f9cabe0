using System.Security.Cryptography;
using System.Text;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>Cards on accounts: registering, finding and listing them. A number goes in and never comes out.</summary>
internal sealed class CardRegistryStore
{
    /// <summary>Two callers that register one number at the same instant: the second attempt finds the first one's row.</summary>
    private const int AttemptsMax = 3;

    private const string Select = """
        select c.key, c.id, a.id as account_id, c.number_encrypted, c.bin, c.last4, c.expiry_month, c.expiry_year, c.created_at
        from cards_cards c join cards_accounts a on a.key = c.account_key and a.tenant_id = c.tenant_id
        """;

    private const string InsertCard = """
        insert into cards_cards (id, account_key, number_encrypted, bin, last4, expiry_month, expiry_year, created_at, tenant_id)
        values (@Id, @accountKey, @numberEncrypted, @bin, @last4, @ExpiryMonth, @ExpiryYear, @createdAt, @tenant) on conflict do nothing
        """;

    private const string InsertLookup = """
        insert into cards_card_lookups (lookup_hash, key_version, tenant_id, card_id) values (@hash, @version, @tenant, @id)
        on conflict do nothing
        """;

    private readonly Database _database;
    private readonly CardKeyStore _keys;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    public CardRegistryStore(Database database, CardKeyStore keys, AuditLog audit, TimeProvider time)
    {
        _audit = audit;
        _database = database;
        _keys = keys;
        _time = time;
    }

    public async Task<CardOutcome> RegisterAsync(TenantId tenant, CardRegistration card, CancellationToken cancellationToken)
    {
        byte[][] hashes = _keys.Ring.LookupHashes(tenant, card.Number);
        byte[] sealedNumber = _keys.Ring.Encrypt(tenant, card.Id, card.Number);
        RequireSame(card.Number, _keys.Ring.Decrypt(tenant, card.Id, sealedNumber));
        AuditEntry entry = new(tenant, AuditEventKind.CardRegistered) { Target = card.Id.ToString() };
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await _database.WriteAsync(
                    session => RegisterAsync(session, tenant, card, hashes, sealedNumber, entry), cancellationToken);
            }
            catch (CardRaceException) when (attempt < AttemptsMax)
            {
                // The other caller's row is there now; the next attempt answers with it.
            }
        }
    }

    public Task<CardRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => FindAsync(session, tenant, id), cancellationToken);

    public async Task<CardRow?> LookUpAsync(TenantId tenant, string number, CancellationToken cancellationToken)
    {
        byte[][] hashes = _keys.Ring.LookupHashes(tenant, number);
        CardRow? card = await _database.ReadAsync(
            async session => await FindOwnerAsync(session, tenant, hashes) is { } owner
                ? await FindAsync(session, tenant, owner)
                : null,
            cancellationToken);
        if (card is not null)
        {
            // A look-up row that was pointed at another card must not vouch for it.
            RequireSame(number, _keys.Ring.Decrypt(tenant, card.Id, card.NumberEncrypted));
        }

        return card;
    }

    /// <summary>Newest first. Reads one row more than the limit: it says whether a page follows.</summary>
    public Task<IReadOnlyList<CardRow>> ListAsync(
        TenantId tenant, Guid? accountId, long? beforeKey, int limit, CancellationToken cancellationToken)
    {
        string account = accountId is null
            ? ""
            : "and c.account_key = (select key from cards_accounts where tenant_id = @tenant and id = @accountId)";
        return _database.ReadAsync(
            session => session.QueryAsync<CardRow>(
                $"{Select} where c.tenant_id = @tenant and c.key < @before {account} order by c.key desc limit @rows",
                new { tenant = tenant.Value, before = beforeKey ?? long.MaxValue, accountId, rows = limit + 1 }),
            cancellationToken);
    }

    private async Task<CardOutcome> RegisterAsync(
        DbSession session, TenantId tenant, CardRegistration card, byte[][] hashes, byte[] sealedNumber, AuditEntry entry)
    {
        Guid? owner = await FindOwnerAsync(session, tenant, hashes);
        if (await FindAsync(session, tenant, card.Id) is { } existing)
        {
            return new CardOutcome(Compare(existing, card, owner), existing);
        }

        if (owner is not null)
        {
            return new CardOutcome(CardStatus.NumberRegistered, null);
        }

        long? accountKey = await session.ScalarAsync<long?>(
            "select key from cards_accounts where tenant_id = @tenant and id = @AccountId", new { tenant = tenant.Value, card.AccountId });
        if (accountKey is null)
        {
            return new CardOutcome(CardStatus.AccountNotFound, null);
        }

        int inserted = await session.ExecuteAsync(
            InsertCard,
            new
            {
                card.Id,
                accountKey,
                numberEncrypted = sealedNumber,
                bin = CardNumber.Bin(card.Number),
                last4 = CardNumber.Last4(card.Number),
                card.ExpiryMonth,
                card.ExpiryYear,
                createdAt = Instants.ToMicroseconds(_time.GetUtcNow()),
                tenant = tenant.Value,
            });
        inserted += await session.ExecuteAsync(
            InsertLookup, new { hash = hashes[0], version = _keys.Ring.Newest.Version, tenant = tenant.Value, id = card.Id });
        if (inserted != 2)
        {
            throw new CardRaceException();
        }

        await _audit.AppendAsync(session, entry);
        return new CardOutcome(CardStatus.Ok, await FindAsync(session, tenant, card.Id));
    }

    private static Task<CardRow?> FindAsync(DbSession session, TenantId tenant, Guid id) =>
        session.QuerySingleOrDefaultAsync<CardRow>(
            $"{Select} where c.tenant_id = @tenant and c.id = @id", new { tenant = tenant.Value, id });

    // One question per key version: there are few, and lists are written differently by the engines.
    private static async Task<Guid?> FindOwnerAsync(DbSession session, TenantId tenant, byte[][] hashes)
    {
        foreach (byte[] hash in hashes)
        {
            Guid? owner = await session.QuerySingleOrDefaultAsync<Guid?>(
                "select card_id from cards_card_lookups where lookup_hash = @hash and tenant_id = @tenant",
                new { hash, tenant = tenant.Value });
            if (owner is not null)
            {
                return owner;
            }
        }

        return null;
    }

    private static CardStatus Compare(CardRow existing, CardRegistration card, Guid? owner) => existing switch
    {
        _ when existing.AccountId != card.AccountId => CardStatus.ExistsWithDifferentAccount,
        _ when owner != existing.Id => CardStatus.ExistsWithDifferentNumber,
        _ when existing.ExpiryMonth != card.ExpiryMonth || existing.ExpiryYear != card.ExpiryYear => CardStatus.ExistsWithDifferentExpiry,
        _ => CardStatus.Exists,
    };

    private static void RequireSame(string expected, string actual)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(actual)))
        {
            throw new LedgerInvariantException("A sealed card number doesn't belong to its card.");
        }
    }

    private sealed class CardRaceException : Exception
    {
    }
}
