using System.CommandLine;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Import;

/// <summary><c>iskra cards import</c>.</summary>
internal static class ImportCommand
{
    private const string KeyVariable = "ISKRA_API_KEY";

    private static readonly Argument<string> File = new("FILE") { Description = "The CSV file, plain or gzip, with a header line." };
    private static readonly Option<string?> Map = new("--map") { Description = $"Which column holds what. Default: {ColumnMap.Example}" };
    private static readonly Option<string> Currency = new("--currency")
    {
        Description = "The amounts' ISO 4217 code.",
        DefaultValueFactory = _ => "RUB",
    };

    private static readonly Option<string> Zone = new("--time-zone")
    {
        Description = "The zone of times without an offset.",
        DefaultValueFactory = _ => "UTC",
    };

    private static readonly Option<string?> Rejects = new("--rejects")
    {
        Description = "The report of refused rows. Default: FILE.rejects.csv in the current folder.",
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "Keeps the ids of different sources apart.",
        DefaultValueFactory = _ => ImportSettings.NameDefault,
    };

    private static readonly Option<long> Funding = new("--funding")
    {
        Description = "A customer whose money is short gets the next multiple of this from the settlement account. Major units.",
        DefaultValueFactory = _ => 10_000,
    };

    private static readonly Option<bool> Round = new("--round")
    {
        Description = "Round amounts with more decimals than the currency has, half up, instead of refusing the row.",
    };

    private static readonly Option<bool> Again = new("--again")
    {
        Description = "Send every row, also those that a checkpoint knows as done.",
    };

    private static readonly Option<string?> Server = new("--url")
    {
        Description = "Import into a running server instead of the data folder.",
    };
    private static readonly Option<string?> Key = new("--key")
    {
        Description = $"The server's API key with the scope cards:write. Better: {KeyVariable}.",
    };

    public static Command Create(ICommandHost host)
    {
        Command command = new("import", "Post a file of card payments. The same file twice posts nothing twice.")
        {
            File, Map, Currency, Zone, Rejects, Name, Funding, Round, Again, Server, Key, TenantOption.Tenant,
        };
        command.WithExamples(
            "iskra cards import transactions.csv.gz --round",
            "iskra cards import payments.csv --map id=Id,time=When,customer=Card,merchant=Shop,amount=Sum --currency EUR",
            "iskra cards import payments.csv --url http://localhost:5080  # the key in ISKRA_API_KEY");
        command.SetAction((parsed, cancel) => parsed.GetValue(Server) is { } address
            ? ImportOverHttpAsync(parsed, address, cancel)
            : host.RunAsync(parsed, StoreAccess.Exclusive, (services, token) => ImportHereAsync(parsed, services, token), cancel));
        return command;
    }

    private static async Task<int> ImportHereAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancellationToken)
    {
        ImportSettings settings = ReadSettings(parsed);
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        Database database = services.GetRequiredService<Database>();
        TenantId tenant = await TenantOption.FindAsync(parsed, database, cancellationToken);
        PostingPipeline pipeline = services.GetRequiredService<PostingPipeline>();
        using ImportFile file = new(parsed.GetValue(File)!);
        await using LedgerRun run = await LedgerRun.StartAsync(pipeline, time, cancellationToken);
        ImportCheckpoints checkpoints = new(database, tenant, time);
        ImportJob job = new(settings, new PipelineTarget(pipeline, tenant, time), checkpoints, time)
        {
            RejectsPath = RejectsPath(parsed),
            StartsAgain = parsed.GetValue(Again),
        };
        int result = await ImportDisplay.RunAsync(job, file, parsed.InvocationConfiguration.Output, cancellationToken);
        AuditEntry entry = new(tenant, AuditEventKind.TransfersImported)
        {
            Target = settings.Name,
            Details = new Dictionary<string, string> { ["file"] = Path.GetFileName(parsed.GetValue(File)!) },
        };
        await database.WriteAsync(session => services.GetRequiredService<AuditLog>().AppendAsync(session, entry), cancellationToken);
        return result;
    }

    private static async Task<int> ImportOverHttpAsync(ParseResult parsed, string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https"))
        {
            throw new StartupException(ExitCode.Usage, "--url must be an address such as http://localhost:5080.");
        }

        if (parsed.GetResult(TenantOption.Tenant) is { Implicit: false })
        {
            throw new StartupException(ExitCode.Usage, "--tenant goes without --url: a server posts for the tenant of its API key.");
        }

        ImportSettings settings = ReadSettings(parsed);
        string? key = parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        using ImportFile file = new(parsed.GetValue(File)!);
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 16 };
        using HttpTarget target = new(server, key, handler, TimeProvider.System);
        ImportJob job = new(settings, target, null, TimeProvider.System) { RejectsPath = RejectsPath(parsed) };
        return await ImportDisplay.RunAsync(job, file, parsed.InvocationConfiguration.Output, cancellationToken);
    }

    private static string RejectsPath(ParseResult parsed) =>
        parsed.GetValue(Rejects) ?? Path.GetFileName(parsed.GetValue(File)!) + ".rejects.csv";

    private static ImportSettings ReadSettings(ParseResult parsed)
    {
        if (!Currencies.TryGet(parsed.GetValue(Currency), out string? currency))
        {
            throw new StartupException(ExitCode.Usage, "--currency must be an ISO 4217 code such as RUB, three capital letters.");
        }

        string name = parsed.GetValue(Name)!;
        if (name.Length is 0 or > ImportSettings.NameLengthMax
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            throw new StartupException(
                ExitCode.Usage, $"--name must be 1 to {ImportSettings.NameLengthMax} letters, digits, '-', '_' or '.'.");
        }

        long funding = parsed.GetValue(Funding);
        long minorPerMajor = (long)Math.Pow(10, Currencies.DecimalsOf(currency));
        if (funding < 1 || funding > LedgerLimits.AmountMinorMax / minorPerMajor)
        {
            throw new StartupException(ExitCode.Usage, "--funding must be at least 1 and within the ledger's limit.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(parsed.GetValue(Zone)!, out TimeZoneInfo? zone))
        {
            throw new StartupException(ExitCode.Usage, "--time-zone must be a zone such as Europe/Moscow.");
        }

        return new ImportSettings
        {
            Map = ColumnMap.Parse(parsed.GetValue(Map)),
            Currency = currency,
            Name = name,
            FundingStepMinor = funding * minorPerMajor,
            RoundsAmounts = parsed.GetValue(Round),
            TimeZone = zone.Id == TimeZoneInfo.Utc.Id ? TimeZoneInfo.Utc : zone,
        };
    }
}
