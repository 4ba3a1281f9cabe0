using Iskra.Modules.Cards;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Storage;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Caching;
using Iskra.Platform.Audit;
using Iskra.Platform.Cluster;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Cards.Tests;

/// <summary>A running ledger on a real store: what the host builds, without the web server.</summary>
internal sealed class LedgerHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private int _stopped;

    private LedgerHarness(ServiceProvider services, Database database)
    {
        _services = services;
        Database = database;
    }

    public Database Database { get; }

    public IServiceProvider Services => _services;

    public PostingPipeline Pipeline => _services.GetRequiredService<PostingPipeline>();

    public AccountQueries Accounts => _services.GetRequiredService<AccountQueries>();

    public TransferQueries Transfers => _services.GetRequiredService<TransferQueries>();

    public PendingExpiry Expiry => _services.GetRequiredService<PendingExpiry>();

    /// <summary>Opens the store, starts the pipeline and waits until it takes transfers.</summary>
    public static async Task<LedgerHarness> StartAsync(
        DataOptions options, Dictionary<string, string?>? settings = null, TimeProvider? time = null, bool waitReady = true)
    {
        CardsModule module = new();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build();
        Database database = await Database.OpenAsync(options, [module.Migrations], StoreAccess.Exclusive, time);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(configuration);
        services.AddIskraData(configuration);
        services.AddIskraEvents(configuration);
        services.AddIskraCaching(configuration);
        services.AddIskraCluster(configuration);
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        module.AddServices(services, configuration);
        LedgerHarness harness = new(services.BuildServiceProvider(), database);
        await harness.Pipeline.StartAsync(CancellationToken.None);
        if (waitReady)
        {
            await harness.Pipeline.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        }

        return harness;
    }

    public async Task OpenAsync(
        Guid id, AccountFlags flags = AccountFlags.None, long overdraft = 0, string currency = "RUB", TenantId? tenant = null)
    {
        PostingResult result = await Pipeline.OpenAsync(
            tenant ?? TenantId.Default,
            [new AccountRequest(Uuid.ToUInt128(id), $"account {id}", AccountKind.Liability, currency, flags, overdraft)]);
        Assert.Equal(PostingOutcome.Done, result.Outcome);
        Assert.Equal(AccountStatus.Ok, result.AccountStatuses[0]);
    }

    public async Task<TransferStatus> PostAsync(TransferRequest request, TenantId? tenant = null)
    {
        PostingResult result = await Pipeline.PostAsync(tenant ?? TenantId.Default, new[] { request });
        Assert.Equal(PostingOutcome.Done, result.Outcome);
        return result.Statuses[0];
    }

    public async Task<Balances> BalancesAsync(Guid id, TenantId? tenant = null) =>
        (await Accounts.FindAsync(tenant ?? TenantId.Default, id, CancellationToken.None))!.Value.State.Balances;

    public static TransferRequest Transfer(
        Guid debit, Guid credit, long amount, Guid? id = null, TransferKind kind = TransferKind.Post)
    {
        return new TransferRequest
        {
            Id = Uuid.ToUInt128(id ?? Guid.CreateVersion7()),
            Kind = kind,
            DebitAccountId = Uuid.ToUInt128(debit),
            CreditAccountId = Uuid.ToUInt128(credit),
            AmountMinor = amount,
            Currency = "RUB",
        };
    }

    /// <summary>Closes the store under the running pipeline, as a crash would: rows that follow lazily stay behind.</summary>
    public async Task CrashAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await Database.DisposeAsync();
            await Pipeline.StopAsync(CancellationToken.None);
            await _services.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await Pipeline.StopAsync(CancellationToken.None);
            await Database.DisposeAsync();
            await _services.DisposeAsync();
        }
    }
}
