using System.Globalization;
using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Audit;

/// <summary>
/// Verifies trails: every entry's link, from the first on, and every checkpoint's signature and hash. Works on a store that was opened for
/// reading only, beside a server that goes on writing. Needs no key for the entries; the root key only to see that nobody exchanged the
/// signing keys. Thread-safe.
/// </summary>
public sealed class AuditVerifier
{
    private const int BatchSize = 1_000;

    private readonly Database _database;
    private readonly AuditSigningKeys _keys;

    internal AuditVerifier(Database database, AuditSigningKeys keys)
    {
        _database = database;
        _keys = keys;
    }

    /// <summary>The tenants that have a trail.</summary>
    public Task<IReadOnlyList<int>> TenantsAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QueryAsync<int>("select id from tenants order by id"), cancellationToken);

    /// <summary>Verifies a tenant's trail up to its first fault.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="checkpointFolder">Copies of checkpoints to hold the trail against; null for none.</param>
    /// <param name="progress">Told of the entries read so far, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public async Task<AuditVerification> VerifyAsync(
        TenantId tenant, string? checkpointFolder, Action<long>? progress, CancellationToken cancellationToken)
    {
        // In this order: what is copied is stored before, and what is stored is covered by the head before.
        List<AuditCheckpoint?> copies = [];
        if (!string.IsNullOrEmpty(checkpointFolder))
        {
            await foreach (AuditCheckpoint? copy in CheckpointFiles.ReadAsync(checkpointFolder, tenant.Value))
            {
                copies.Add(copy);
            }
        }

        using AuditVerifierRun run = new(tenant.Value);
        await ReadCheckpointsAsync(run, tenant, cancellationToken);
        if (run.CheckSignatures(copies) is { } forged)
        {
            return run.Result(forged);
        }

        AuditFault? fault = await WalkAsync(run, tenant, progress, cancellationToken);
        return run.Result(fault ?? run.CheckEnd());
    }

    private Task<int> ReadCheckpointsAsync(AuditVerifierRun run, TenantId tenant, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async session =>
            {
                run.SetKeys(await AuditSigningKeys.PublicKeysAsync(session));
                run.Checkpoints = await session.QueryAsync<AuditCheckpoint>(
                    """
                    select tenant_id, sequence, hash, created_at, key_id, signature from audit_checkpoints
                    where tenant_id = @tenant order by sequence
                    """,
                    new { tenant = tenant.Value });
                run.Head = await session.QuerySingleOrDefaultAsync<AuditHead>(
                    $"select {AuditHead.Columns} from audit_heads where tenant_id = @tenant", new { tenant = tenant.Value });
                run.Waiting = await session.ScalarAsync<long>(
                    "select count(*) from audit_pending where tenant_id = @tenant", new { tenant = tenant.Value });
                try
                {
                    run.Exchanged = await _keys.FindExchangedAsync(session);
                    run.AreKeysChecked = true;
                }
                catch (StartupException)
                {
                    run.AreKeysChecked = false;
                }

                return run.Checkpoints.Count;
            },
            cancellationToken);

    private async Task<AuditFault?> WalkAsync(
        AuditVerifierRun run, TenantId tenant, Action<long>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<AuditRow> rows = await _database.ReadAsync(
                session => session.QueryAsync<AuditRow>(
                    $"""
                    select {AuditRow.Columns}, sequence, hash from audit_entries
                    where tenant_id = @tenant and sequence > @after and sequence <= @last order by sequence limit @limit
                    """,
                    new { tenant = tenant.Value, after = run.Entries, last = run.LastExpected, limit = BatchSize }),
                cancellationToken);
            foreach (AuditRow row in rows)
            {
                if (run.Check(row) is { } fault)
                {
                    return fault;
                }
            }

            progress?.Invoke(run.Entries);
            if (rows.Count < BatchSize)
            {
                return null;
            }
        }
    }

    /// <summary>What one verification knows so far.</summary>
    private sealed class AuditVerifierRun(int tenant) : IDisposable
    {
        private readonly Dictionary<int, ECDsa> _keys = [];
        private readonly Dictionary<long, byte[]> _expected = [];
        private byte[] _hash = AuditHash.Genesis(tenant);
        private int _matched;
        private long _covered;

        public IReadOnlyList<AuditCheckpoint> Checkpoints { get; set; } = [];

        public IReadOnlyList<int> Exchanged { get; set; } = [];

        public AuditHead? Head { get; set; }

        public long Waiting { get; set; }

        public bool AreKeysChecked { get; set; }

        public long Entries { get; private set; }

        /// <summary>Entries that follow were linked while this runs.</summary>
        public long LastExpected => Math.Max(Head?.Sequence ?? 0, _expected.Keys.DefaultIfEmpty(0).Max());

        public void SetKeys(IReadOnlyDictionary<int, byte[]> publicKeys)
        {
            foreach ((int id, byte[] spki) in publicKeys)
            {
                var key = ECDsa.Create();
                try
                {
                    key.ImportSubjectPublicKeyInfo(spki, out _);
                    _keys.Add(id, key);
                }
                catch (CryptographicException)
                {
                    // A key that can't be read signs nothing: its checkpoints are reported.
                    key.Dispose();
                }
            }
        }

        public AuditFault? CheckSignatures(IReadOnlyList<AuditCheckpoint?> copies)
        {
            foreach (AuditCheckpoint checkpoint in Checkpoints)
            {
                if (Exchanged.Contains(checkpoint.KeyId) || !IsSigned(checkpoint))
                {
                    return Fault(AuditFaultKind.CheckpointForged, checkpoint.Sequence, "the checkpoint isn't signed by a key of the ring");
                }

                _expected[checkpoint.Sequence] = checkpoint.Hash;
            }

            foreach (AuditCheckpoint? copy in copies)
            {
                if (copy is null || copy.TenantId != tenant || !IsSigned(copy))
                {
                    return Fault(AuditFaultKind.CheckpointForged, copy?.Sequence ?? 0, "a copied checkpoint isn't signed by the ring");
                }

                if (!_expected.TryAdd(copy.Sequence, copy.Hash) && !_expected[copy.Sequence].AsSpan().SequenceEqual(copy.Hash))
                {
                    return Fault(AuditFaultKind.ChainRewritten, copy.Sequence, "a copied checkpoint has another hash than the stored one");
                }
            }

            return null;
        }

        public AuditFault? Check(AuditRow row)
        {
            if (row.Sequence != Entries + 1)
            {
                return Fault(
                    AuditFaultKind.EntryMissing,
                    Entries + 1,
                    string.Create(CultureInfo.InvariantCulture, $"the entry is missing; the next one that is there is {row.Sequence}"));
            }

            byte[] hash = AuditHash.Next(_hash, row);
            if (!hash.AsSpan().SequenceEqual(row.Hash))
            {
                return Fault(AuditFaultKind.EntryChanged, row.Sequence, "the entry was changed, or stands in another one's place");
            }

            if (_expected.TryGetValue(row.Sequence, out byte[]? signed))
            {
                if (!signed.AsSpan().SequenceEqual(hash))
                {
                    return Fault(AuditFaultKind.ChainRewritten, row.Sequence, "the chain up to here isn't the one that was signed");
                }

                _matched++;
                _covered = row.Sequence;
            }

            _hash = hash;
            Entries = row.Sequence;
            return null;
        }

        public AuditFault? CheckEnd()
        {
            if (Entries < LastExpected)
            {
                return Fault(
                    AuditFaultKind.TailMissing,
                    Entries + 1,
                    string.Create(CultureInfo.InvariantCulture, $"the trail ends here, but entries up to {LastExpected} were written"));
            }

            if (Head is null ? Entries > 0 : Head.Sequence < Entries || !Head.Hash.AsSpan().SequenceEqual(_hash))
            {
                return Fault(AuditFaultKind.TailMissing, Entries, "the head of the chain isn't that of its last entry");
            }

            HashSet<long> stored = [.. Checkpoints.Select(checkpoint => checkpoint.Sequence)];
            long missing = _expected.Keys.Where(sequence => !stored.Contains(sequence)).DefaultIfEmpty(0).Min();
            return missing == 0
                ? null
                : Fault(AuditFaultKind.CheckpointMissing, missing, "a copied checkpoint isn't in the database any more");
        }

        public AuditVerification Result(AuditFault? fault) =>
            new(tenant, Entries, _matched, _covered, Waiting, AreKeysChecked, fault);

        public void Dispose()
        {
            foreach (ECDsa key in _keys.Values)
            {
                key.Dispose();
            }
        }

        private static AuditFault Fault(AuditFaultKind kind, long sequence, string text) => new(kind, sequence, text);

        private bool IsSigned(AuditCheckpoint checkpoint) =>
            _keys.TryGetValue(checkpoint.KeyId, out ECDsa? key) && checkpoint.IsSignedBy(key);
    }
}
