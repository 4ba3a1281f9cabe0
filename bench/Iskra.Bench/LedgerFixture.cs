using Iskra.Modules.Cards;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Caching;
using Iskra.Platform.Audit;
using Iskra.Platform.Cluster;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Redis;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Bench;

/// <summary>The real pipeline on a real store in this process, with the background services that the host gives it.</summary>
internal sealed class LedgerFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    private LedgerFixture(ServiceProvider services, Database database)
    {
        _services = services;
        Database = database;
        Pipeline = services.GetRequiredService<PostingPipeline>();
    }

    public Database Database { get; }

    public PostingPipeline Pipeline { get; }

    public AccountQueries Accounts => _services.GetRequiredService<AccountQueries>();

    /// <param name="folder">The data folder, on the disk to be measured.</param>
    /// <param name="postgres">A connection string; null for the embedded engine.</param>
    /// <param name="settings">Settings beside those of the environment.</param>
    public static async Task<LedgerFixture> OpenAsync(string folder, string? postgres, IDictionary<string, string?>? settings = null)
    {
        LedgerFixture fixture = await CreateAsync(folder, postgres, settings);
        await fixture.StartAsync(_ => true);
        await fixture.Pipeline.Ready;
        return fixture;
    }

    /// <summary>A second process on the same PostgreSQL, as it is while the first one writes the ledger: it reads only.</summary>
    public static async Task<LedgerFixture> OpenReplicaAsync(string folder, string postgres, IDictionary<string, string?> settings)
    {
        LedgerFixture fixture = await CreateAsync(folder, postgres, settings);
        await fixture.StartAsync(hosted => hosted is SharedRedis or CacheEvents);
        if (fixture._services.GetRequiredService<SharedRedis>().Client is { } redis)
        {
            await redis.WaitConnectedAsync();
        }

        return fixture;
    }

    /// <summary>Opens the workload's accounts; those that exist stay as they are.</summary>
    public async Task OpenAccountsAsync(int count)
    {
        UInt128[] ids = Workload.AccountIds(count);
        foreach (UInt128[] chunk in ids.Chunk(5_000))
        {
            AccountRequest[] requests = [.. chunk.Select(id => new AccountRequest(
                id, $"Account {(ulong)id:x}", AccountKind.Liability, "RUB", AccountFlags.DebitsMayNotExceedCredits, 1_000_000_000_000))];
            PostingResult result = await Pipeline.OpenAsync(TenantId.Default, requests);
            if (result.Outcome != PostingOutcome.Done
                || result.AccountStatuses.Any(status => status is not (AccountStatus.Ok or AccountStatus.Exists)))
            {
                throw new InvalidOperationException("The accounts could not be opened.");
            }
        }
    }

    /// <summary>Debits equal credits, both equal the journal, and the journal holds what was acknowledged: neither less nor more.</summary>
    public async Task<string> CheckAsync(long acknowledged)
    {
        // Each commit brings a limited number of rows up to date.
        while (Pipeline.HasRowsBehind)
        {
            if ((await Pipeline.StoreAllAsync()).Outcome != PostingOutcome.Done)
            {
                throw new InvalidOperationException("The account rows could not be brought up to date.");
            }
        }

        Sums sums = (await Database.ReadAsync(session => session.QuerySingleOrDefaultAsync<Sums>(
            """
            select cast((select sum(debits_posted) from cards_accounts) as bigint) as debits,
                cast((select sum(credits_posted) from cards_accounts) as bigint) as credits,
                cast((select coalesce(sum(amount_minor), 0) from cards_journal) as bigint) as journal,
                (select count(*) from cards_journal) as entries
            """)))!;
        bool isSound = sums.Debits == sums.Credits && sums.Debits == sums.Journal && sums.Entries == acknowledged;
        string text = $"debits {sums.Debits}, credits {sums.Credits}, journal {sums.Journal}, "
            + $"entries {sums.Entries}, acknowledged {acknowledged}";
        return isSound ? text : throw new InvalidOperationException("The sums differ: " + text);
    }

    public async ValueTask DisposeAsync()
    {
        for (int index = _started.Count - 1; index >= 0; index--)
        {
            await _started[index].StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static async Task<LedgerFixture> CreateAsync(string folder, string? postgres, IDictionary<string, string?>? settings)
    {
        CardsModule module = new();
        Database database = await Database.OpenAsync(
            new DataOptions { Folder = folder, Database = postgres }, [module.Migrations], StoreAccess.Exclusive);

        // As the host reads them: ISKRA__Cards__Posting__CommitTargetMilliseconds=10 tries another setting.
        IConfiguration configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ISKRA__").AddInMemoryCollection(settings ?? new Dictionary<string, string?>()).Build();
        ServiceCollection services = new();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddIskraEvents(configuration);
        services.AddIskraRedis(configuration);
        services.AddIskraCaching(configuration);
        services.AddIskraCluster(configuration);
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        module.AddServices(services, configuration);
        return new LedgerFixture(services.BuildServiceProvider(), database);
    }

    private async Task StartAsync(Func<IHostedService, bool> isWanted)
    {
        foreach (IHostedService hosted in _services.GetServices<IHostedService>().Where(isWanted))
        {
            await hosted.StartAsync(CancellationToken.None);
            _started.Add(hosted);
        }
    }

    private sealed class Sums
    {
        public long Debits { get; init; }

        public long Credits { get; init; }

        public long Journal { get; init; }

        public long Entries { get; init; }
    }
}
