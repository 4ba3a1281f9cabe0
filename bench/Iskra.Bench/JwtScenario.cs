using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Bench;

/// <summary>
/// <c>jwt</c>: what the check of an access token costs: the first time (form, signature, claims; then with the look at the store), and
/// from the cache. Median of several rounds, with the bytes that were allocated.
/// </summary>
internal static class JwtScenario
{
    private const int Rounds = 7;
    private const int FirstPerRound = 2_000;
    private const int CachedPerRound = 500_000;

    public static Command Create()
    {
        Command command = new("jwt", "Measures the check of access tokens, first and cached.");
        command.SetAction(async (_, token) => await Console.Out.WriteLineAsync(await RunAsync(token)));
        return command;
    }

    public static async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-jwt-");
        try
        {
            DataOptions data = new() { Folder = folder.FullName };
            await using Database database = await Database.OpenAsync(data, [], StoreAccess.Exclusive, cancellationToken: cancellationToken);
            await using ServiceProvider services = Build(database, data);
            return await MeasureAsync(services, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Build(Database database, DataOptions data)
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_ => database);
        services.AddSingleton(Options.Create(data));
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        services.AddIskraSecurity(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<string> MeasureAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        NewApiKey key = await services.GetRequiredService<ApiKeys>().CreateAsync(
            TenantId.Default, "bench", [Scopes.CardsRead, Scopes.CardsWrite], null, KeyOrigin.Created, null, cancellationToken);
        Authenticator authenticator = services.GetRequiredService<Authenticator>();
        Caller caller = (await authenticator.ByBearerAsync(key.Key.AsMemory(), cancellationToken))!;
        await services.GetRequiredService<SigningKeys>().RefreshAsync(cancellationToken);
        AccessTokens tokens = services.GetRequiredService<AccessTokens>();
        ReadOnlyMemory<char>[] first = new ReadOnlyMemory<char>[FirstPerRound];
        for (int i = 0; i < first.Length; i++)
        {
            string scope = string.Join(' ', caller.Scopes);
            first[i] = (await tokens.IssueAsync(caller, scope, null, "bench", cancellationToken))!.Value.Token.AsMemory();
        }

        CallerCache cache = services.GetRequiredService<CallerCache>();
        string check = await LineAsync(
            "form, signature and claims", FirstPerRound, async i => await tokens.CheckAsync(first[i], cancellationToken) is not null);
        string whole = await LineAsync(
            "the same with key and tenant from the store (SQLite)",
            FirstPerRound,
            async i => await tokens.FindAsync(first[i], cancellationToken) is not null);
        cache.Forget(RevocationKind.Tenant, TenantId.Default, Guid.Empty);
        string cached = await CachedAsync(authenticator, first[0]);
        return $"token of {first[0].Length} characters; median of {Rounds} rounds\n\n"
            + "| part | ns/check | bytes/check |\n|---|--:|--:|\n" + check + "\n" + whole + "\n" + cached;
    }

    private static async Task<string> LineAsync(string name, int count, Func<int, ValueTask<bool>> check)
    {
        double[] times = new double[Rounds];
        long bytes = 0;
        for (int round = -1; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long from = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                if (!await check(i))
                {
                    throw new InvalidOperationException("A good token was refused.");
                }
            }

            // The first round warms up.
            if (round >= 0)
            {
                times[round] = Stopwatch.GetElapsedTime(from).TotalNanoseconds / count;
                bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            }
        }

        return Line(name, times, (double)bytes / count);
    }

    private static async Task<string> CachedAsync(Authenticator authenticator, ReadOnlyMemory<char> token)
    {
        double[] times = new double[Rounds];
        long bytes = 0;
        for (int round = -1; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long from = Stopwatch.GetTimestamp();
            for (int i = 0; i < CachedPerRound; i++)
            {
                // From the cache it completes at once, so this stays on one thread.
                if (await authenticator.ByBearerAsync(token, CancellationToken.None) is null)
                {
                    throw new InvalidOperationException("A good token was refused.");
                }
            }

            if (round >= 0)
            {
                times[round] = Stopwatch.GetElapsedTime(from).TotalNanoseconds / CachedPerRound;
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        return Line("cached", times, (double)bytes / CachedPerRound);
    }

    private static string Line(string name, double[] times, double bytes)
    {
        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[Rounds / 2]:0} | {bytes:0} |");
    }
}
