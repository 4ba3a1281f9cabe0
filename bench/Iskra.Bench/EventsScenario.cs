using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Testing;

namespace Iskra.Bench;

/// <summary>
/// <c>events</c>: how fast events go from the outbox to a subscriber, in process and through RabbitMQ, and whether writers feel that the
/// broker is away.
/// </summary>
internal static class EventsScenario
{
    public const string EventType = "bench.noted";
    public const string Payload = """{"account":"0193f1c2-6f5e-7cc3-b7b2-2b9f6e0a9f11","amountMinor":123456,"currency":"EUR"}""";
    private const int Writers = 32;

    private static readonly Option<string> Engine = new("--engine")
    {
        DefaultValueFactory = _ => "sqlite",
        Description = "sqlite or postgres",
    };

    private static readonly Option<int> Events = new("--events") { DefaultValueFactory = _ => 100_000, Description = "to deliver" };
    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "of each window" };
    private static readonly Option<int> Rounds = new("--rounds") { DefaultValueFactory = _ => 3 };
    private static readonly Option<string?> Folder = new("--folder") { Description = "where the data goes; default: the temporary folder" };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("sqlite", "postgres");
        Command command = new("events", "Delivers events in process and through RabbitMQ; writes with the broker there and away.")
        {
            Engine, Events, Seconds, Rounds, Folder,
        };
        command.SetAction(async (parse, _) =>
        {
            bool isPostgres = parse.GetValue(Engine) == "postgres";
            await using BenchPostgres? postgres = isPostgres ? await BenchPostgres.StartAsync() : null;
            await using RabbitServer broker = await RabbitServer.StartAsync();
            for (int round = 0; round < parse.GetValue(Rounds); round++)
            {
                await DeliverAsync(parse, postgres, null, "in process");
                await DeliverAsync(parse, postgres, broker.Address, "RabbitMQ");
            }

            await OutageAsync(parse, postgres, broker);
        });
        return command;
    }

    /// <summary>Events that wait in the outbox, delivered as fast as it goes.</summary>
    private static async Task DeliverAsync(ParseResult parse, BenchPostgres? postgres, Uri? broker, string way)
    {
        using Workplace workplace = Workplace.Create(parse.GetValue(Folder));
        EventsSubscriber subscriber = new("bench");
        string? connection = postgres is null ? null : await postgres.NewDatabaseAsync();
        await using EventsFixture fixture = await EventsFixture.OpenAsync(workplace.Path, connection, broker, subscriber);
        int events = parse.GetValue(Events);
        if (broker is not null)
        {
            // The queue is there and the subscriber lives from it before the first event: all go through the broker.
            await fixture.StartAsync();
            await fixture.AppendAsync(0, 1);
            await subscriber.SeenAsync(1).WaitAsync(TimeSpan.FromMinutes(1));
            await Task.Delay(50);
            subscriber.Reset();
        }

        long from = Stopwatch.GetTimestamp();
        for (int i = 0; i < events; i += 1_000)
        {
            await fixture.AppendAsync(i, 1_000);
        }

        if (broker is null)
        {
            from = Stopwatch.GetTimestamp();
            await fixture.StartAsync();
        }

        await subscriber.SeenAsync(events).WaitAsync(TimeSpan.FromMinutes(5));
        double rate = events / Stopwatch.GetElapsedTime(from).TotalSeconds;
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{parse.GetValue(Engine)}, {way}: {rate:N0} events/s to one subscriber ({events:N0} events), load {Machine.Load()}"));
    }

    /// <summary>The same writers in turn with the broker there and away, each with its own durable commits of one event.</summary>
    private static async Task OutageAsync(ParseResult parse, BenchPostgres? postgres, RabbitServer broker)
    {
        using Workplace workplace = Workplace.Create(parse.GetValue(Folder));
        EventsSubscriber subscriber = new("bench");
        string? connection = postgres is null ? null : await postgres.NewDatabaseAsync();
        await using EventsFixture fixture = await EventsFixture.OpenAsync(workplace.Path, connection, broker.Address, subscriber);
        await fixture.StartAsync();
        TimeSpan window = TimeSpan.FromSeconds(parse.GetValue(Seconds));
        long written = await WriteAsync(fixture, TimeSpan.FromSeconds(2));
        await subscriber.SeenAsync(written).WaitAsync(TimeSpan.FromMinutes(1));
        await broker.SettleAsync();
        List<double> there = [];
        List<double> away = [];
        for (int round = 0; round < parse.GetValue(Rounds); round++)
        {
            long one = await WriteAsync(fixture, window);
            there.Add(one / window.TotalSeconds);
            await broker.KillAsync();
            long two = await WriteAsync(fixture, window);
            away.Add(two / window.TotalSeconds);
            await broker.RestartAsync();
            written += one + two;
        }

        await subscriber.SeenAsync(written).WaitAsync(TimeSpan.FromMinutes(5));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{parse.GetValue(Engine)}, writers: {Median(there):N0}/s with the broker, {Median(away):N0}/s without, "
                + $"ratio {Median(away) / Median(there):N2}; all {written:N0} events arrived, load {Machine.Load()}"));
    }

    private static async Task<long> WriteAsync(EventsFixture fixture, TimeSpan window)
    {
        long from = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            long count = 0;
            while (Stopwatch.GetElapsedTime(from) < window)
            {
                await fixture.AppendAsync(writer, 1);
                count++;
            }

            return count;
        })));
        return counts.Sum();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
