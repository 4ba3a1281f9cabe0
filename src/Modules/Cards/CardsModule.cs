using System.CommandLine;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.CardRegistry;
using Iskra.Modules.Cards.Import;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Simulation;
using Iskra.Modules.Cards.Statements;
using Iskra.Modules.Cards.Transfers;
using Iskra.Modules.Cards.Verification;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards;

/// <summary>The card specialist: a double-entry ledger for card transactions.</summary>
public sealed class CardsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "cards";

    /// <inheritdoc/>
    public string Description => "Card transactions on a double-entry ledger.";

    /// <inheritdoc/>
    public MigrationSet Migrations { get; } = new("cards", typeof(CardsModule).Assembly);

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<PostingOptions>(configuration, PostingOptions.Section);
        services.AddSingleton<CardsMetrics>();
        services.AddSingleton<LedgerOwner>();
        services.AddSingleton<PostingPipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<PostingPipeline>());
        services.AddSingleton<PendingExpiry>();
        services.AddHostedService(provider => provider.GetRequiredService<PendingExpiry>());
        services.AddSingleton<BalanceCache>();
        services.AddSingleton<AccountQueries>();
        services.AddSingleton<TransferQueries>();
        services.AddCardRegistry();
        services.AddCardsBackup();
        services.AddCardsDemo(configuration);
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        AccountEndpoints.Map(endpoints);
        StatementEndpoints.Map(endpoints);
        TransferEndpoints.Map(endpoints);
        CardEndpoints.Map(endpoints);
        DemoEndpoints.Map(endpoints);
    }

    /// <inheritdoc/>
    public IEnumerable<Command> CreateCommands(ICommandHost host) =>
    [
        new Command("cards", "The card ledger: import, export, verify, keys.")
        {
            ImportCommand.Create(host),
            ExportCommand.Create(host),
            VerifyCommand.Create(host),
            CardKeysCommand.Create(host),
        },
    ];
}
