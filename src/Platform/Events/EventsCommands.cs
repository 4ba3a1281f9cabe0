using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Events;

/// <summary><c>iskra events list | replay | parked | retry</c>: for the person at the machine.</summary>
public static class EventsCommands
{
    private const int ParkedMax = 1_000;

    public static Command Create(ICommandHost host) =>
        new Command("events", "See subscribers of events, replay events to one, retry what failed.")
        {
            List(host), Replay(host), Parked(host), Retry(host),
        }
            .WithExamples("iskra events list", "iskra events replay cards.search --from-id 1200", "iskra events retry cards.search");

    private static Command List(ICommandHost host)
    {
        Command command = new Command("list", "List the subscribers: source, lag, parked events, failures, last error.")
            .WithExamples("iskra events list --data /var/lib/iskra");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                TextWriter output = parse.InvocationConfiguration.Output;
                foreach (SubscriberDocument row in await services.GetRequiredService<EventsAdmin>().ListAsync(token))
                {
                    await output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Name,-32}  {row.Source,-6}  lag {row.Lag}  parked {row.Parked}  failures {row.Failures}")
                        + $"  {row.LastErrorKind}");
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command Replay(ICommandHost host)
    {
        Argument<string> name = Name();
        Option<long?> fromId = new("--from-id") { Description = "The first event's number in the outbox." };
        Option<DateTimeOffset?> from = new("--from") { Description = "The instant from which on events were appended, ISO 8601." };
        Command command = new Command("replay", "Deliver everything from an event or an instant on to one subscriber again.")
        {
            name, fromId, from,
        }
            .WithExamples("iskra events replay cards.search --from 2026-11-01T00:00:00Z");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                long? id = parse.GetValue(fromId);
                DateTimeOffset? instant = parse.GetValue(from);
                if (id is null == instant is null)
                {
                    throw new StartupException(ExitCode.Usage, "Say either --from-id or --from.");
                }

                ReplayOutcome outcome = await services.GetRequiredService<EventsAdmin>()
                    .ReplayAsync(parse.GetRequiredValue(name), id, instant, token);
                string text = outcome switch
                {
                    ReplayOutcome.Accepted => "the subscriber begins again from there",
                    ReplayOutcome.UnknownSubscriber => throw new StartupException(ExitCode.Failure, "There is no subscriber of this name."),
                    _ => "nothing to replay",
                };
                await parse.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command Parked(ICommandHost host)
    {
        Argument<string> name = Name();
        Option<int> tenant = Tenant();
        Command command = new Command("parked", "List a subscriber's parked events, without their payloads.") { name, tenant }
            .WithExamples("iskra events parked cards.search");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                IReadOnlyList<ParkedDocument> rows = await services.GetRequiredService<EventsAdmin>()
                    .ListParkedAsync(new TenantId(parse.GetValue(tenant)), parse.GetRequiredValue(name), 0, ParkedMax, token);
                foreach (ParkedDocument row in rows)
                {
                    await parse.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.EventId}  {row.State,-8}  {row.Type}  {row.Key}  attempts {row.Attempts}  {row.ErrorKind}"));
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command Retry(ICommandHost host)
    {
        Argument<string> name = Name();
        Option<long?> eventId = new("--event") { Description = "One event's number; all failed ones when left out." };
        Option<int> tenant = Tenant();
        Command command = new Command("retry", "Try a subscriber's failed events again.") { name, eventId, tenant }
            .WithExamples("iskra events retry cards.search --event 1200");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                int requeued = await services.GetRequiredService<EventsAdmin>().Parked.RequeueAsync(
                    new TenantId(parse.GetValue(tenant)), parse.GetRequiredValue(name), parse.GetValue(eventId), token);
                await parse.InvocationConfiguration.Output.WriteLineAsync($"requeued {requeued}".AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Argument<string> Name() => new("subscriber") { Description = "As 'iskra events list' shows it." };

    private static Option<int> Tenant() => new("--tenant")
    {
        DefaultValueFactory = _ => TenantId.Default.Value,
        Description = "The tenant's number.",
    };
}
