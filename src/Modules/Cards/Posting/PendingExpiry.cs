using System.Security.Cryptography;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Cards.Posting;

/// <summary>
/// Releases reservations whose time is over, through the same pipeline as every other transfer, and brings rows up to date when idle.
/// </summary>
internal sealed class PendingExpiry : BackgroundService
{
    private const int PageSize = 1_000;

    private const string Due = """
        select tenant_id, id from cards_pendings
        where state = 0 and expires_at is not null and expires_at <= @now order by expires_at limit @limit
        """;

    private readonly Database _database;
    private readonly PostingPipeline _pipeline;
    private readonly PostingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PendingExpiry> _logger;

    public PendingExpiry(
        Database database, PostingPipeline pipeline, IOptions<PostingOptions> options, TimeProvider time, ILogger<PendingExpiry> logger)
    {
        _database = database;
        _pipeline = pipeline;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>Releases everything that is due now; returns how many reservations were released.</summary>
    public async Task<int> ReleaseDueAsync(CancellationToken cancellationToken)
    {
        int released = 0;
        while (true)
        {
            long now = _time.NowMicroseconds();
            IReadOnlyList<DueRow> due = await _database.ReadAsync(
                session => session.QueryAsync<DueRow>(Due, new { now, limit = PageSize }), cancellationToken);
            if (due.Count == 0)
            {
                return released;
            }

            int done = await ReleaseAsync(due);
            released += done;
            if (done == 0 || due.Count < PageSize)
            {
                return released;
            }
        }
    }

    private async Task<int> ReleaseAsync(IReadOnlyList<DueRow> due)
    {
        Task<PostingResult>[] posts =
        [
            .. due.GroupBy(row => row.TenantId).Select(rows =>
                _pipeline.PostAsync(new TenantId(rows.Key), rows.Select(row => ToRequest(row.Id)).ToArray())),
        ];
        int done = 0;
        foreach (PostingResult result in await Task.WhenAll(posts))
        {
            done += result.Statuses.AsSpan().Count(TransferStatus.Ok);
        }

        return done;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_options.ExpiryInterval, _time);
        long seen = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!_pipeline.IsReady)
            {
                continue;
            }

            try
            {
                await ReleaseDueAsync(stoppingToken);
                long committed = _pipeline.CommittedTransfers;
                if (committed == seen && _pipeline.HasRowsBehind)
                {
                    await _pipeline.StoreAllAsync();
                }

                seen = committed;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.ExpiryFailed(_logger, exception);
            }
        }
    }

    /// <summary>The expiry's own id follows from the reservation's, so that it is the same whoever writes it and whenever.</summary>
    private static TransferRequest ToRequest(Guid pendingId)
    {
        Span<byte> input = stackalloc byte[16 + 6];
        pendingId.TryWriteBytes(input, bigEndian: true, out _);
        "expire"u8.CopyTo(input[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);

        // UUIDv8 (RFC 9562): the time of the reservation's id in front keeps the index append-mostly.
        input[..6].CopyTo(hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new TransferRequest
        {
            Id = Storage.Uuid.ToUInt128(new Guid(hash[..16], bigEndian: true)),
            Kind = TransferKind.ExpirePending,
            PendingId = Storage.Uuid.ToUInt128(pendingId),
        };
    }

    private sealed class DueRow
    {
        public int TenantId { get; init; }

        public Guid Id { get; init; }
    }
}
