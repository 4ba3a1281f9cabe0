using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Jobs.Api;

/// <summary>
/// <c>iskra jobs queues | list | show | retry | cancel | pause | resume</c>: on the store, or on a running server with <c>--url</c>.
/// </summary>
public static class JobCommands
{
    private const string KeyVariable = "ISKRA_API_KEY";

    private static readonly Option<string?> Server = new("--url")
    {
        Description = "Ask a running server instead of the store: the way to change jobs while a server holds the data folder.",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = $"The server's API key with the scopes jobs:read and jobs:write. Better: {KeyVariable}.",
    };

    private static readonly Argument<string> Id = new("id") { Description = "The job's id." };
    private static readonly Argument<string> Type = new("type") { Description = "The jobs' type." };
    private static readonly Option<string?> OfType = new("--type") { Description = "Only jobs of this type." };
    private static readonly Option<string?> State = new("--state")
    {
        Description = $"Only jobs in these states, separated by commas: {JobStates.Known}.",
    };

    private static readonly Option<int> Limit = new("--limit") { DefaultValueFactory = _ => 50, Description = "Jobs, 1 to 500." };
    private static readonly Option<string?> All = new("--all") { Description = "Retry all dead and quarantined jobs of this type." };

    public static Command Create(ICommandHost host)
    {
        Command command = new("jobs", "See queues and jobs; retry, cancel, pause.")
        {
            Build(host, "queues", "Depth, age, running and dead jobs of each type.", QueuesAsync, [], ["iskra jobs queues"]),
            Build(host, "list", "List jobs, newest first.", ListAsync, [OfType, State, Limit],
                ["iskra jobs list --state dead", "iskra jobs list --type backup.create --limit 10"]),
            Build(host, "show", "Show one job.", ShowAsync, [Id], ["iskra jobs show 0199f3a2-7c1e-7b52-9a52-3f1f0f0d6a11"]),
            Build(host, "retry", "Start a dead job afresh, or all of a type.", RetryAsync, [OptionalId(), All],
                ["iskra jobs retry 0199f3a2-7c1e-7b52-9a52-3f1f0f0d6a11 --url http://localhost:5080",
                    "iskra jobs retry --all backup.create"],
                writes: true),
            Build(host, "cancel", "Cancel a job.", CancelAsync, [Id],
                ["iskra jobs cancel 0199f3a2-7c1e-7b52-9a52-3f1f0f0d6a11 --url http://localhost:5080"], writes: true),
            Build(host, "pause", "Start nothing more of a type, in all processes.", PauseAsync, [Type],
                ["iskra jobs pause backup.create --url http://localhost:5080"], writes: true),
            Build(host, "resume", "Start a paused type's jobs again.", ResumeAsync, [Type],
                ["iskra jobs resume backup.create --url http://localhost:5080"], writes: true),
        };
        return command.WithExamples(
            "iskra jobs queues", "iskra jobs list --state dead,quarantined", "iskra jobs retry --all backup.create");
    }

    private static Argument<string?> OptionalId() => new("id") { Description = "The job's id.", Arity = ArgumentArity.ZeroOrOne };

    private static Command Build(
        ICommandHost host,
        string name,
        string description,
        Func<IJobControl, ParseResult, CancellationToken, Task<int>> body,
        Symbol[] symbols,
        string[] examples,
        bool writes = false)
    {
        Command command = new(name, description) { Server, Key };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(async (parse, cancellation) =>
        {
            if (parse.GetValue(Server) is { } server)
            {
                using HttpJobControl remote = HttpJobControl.Create(
                    server, parse.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable));
                return await body(remote, parse, cancellation);
            }

            return await host.RunAsync(
                parse,
                writes ? StoreAccess.Exclusive : StoreAccess.ReadOnly,
                (services, token) => body(
                    new LocalJobControl(services.GetRequiredService<JobDirectory>(), TenantId.Default), parse, token),
                cancellation);
        });
        return command.WithExamples(examples);
    }

    private static async Task<int> QueuesAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        TextWriter output = parse.InvocationConfiguration.Output;
        IReadOnlyList<JobQueueItem> queues = await jobs.QueuesAsync(cancellationToken);
        await output.WriteLineAsync(queues.Count == 0
            ? "There are no job types yet."
            : string.Create(CultureInfo.InvariantCulture, $"{"type",-32}  {"queued",8}  {"running",8}  {"dead",8}  {"oldest",8}  state"));
        foreach (JobQueueItem queue in queues)
        {
            string age = queue.OldestAgeSeconds is { } seconds ? $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-";
            string state = queue.IsPaused ? "paused" : queue.Waiting > 0 ? "waits for an answer" : "";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{queue.Type,-32}  {queue.Queued,8}  {queue.Running,8}  {queue.Dead,8}  {age,8}  {state}").TrimEnd());
        }

        return (int)ExitCode.Ok;
    }

    private static async Task<int> ListAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        if (!JobStates.TryParse(parse.GetValue(State), out IReadOnlyList<JobState> states))
        {
            throw new StartupException(ExitCode.Usage, $"--state must be of {JobStates.Known}, separated by commas.");
        }

        JobFilter filter = new()
        {
            Type = parse.GetValue(OfType),
            States = states,
            Limit = Math.Clamp(parse.GetValue(Limit), 1, PageRequest.LimitMax),
        };
        TextWriter output = parse.InvocationConfiguration.Output;
        IReadOnlyList<JobItem> items = await jobs.ListAsync(filter, cancellationToken);
        if (items.Count == 0)
        {
            await output.WriteLineAsync("No such jobs.");
        }

        foreach (JobItem job in items)
        {
            string error = job.Error?.Split('\n')[0] ?? "";
            string line = string.Create(
                CultureInfo.InvariantCulture, $"{job.Id}  {job.CreatedAt:yyyy-MM-dd HH:mm:ss}Z  {job.State,-11}  {job.Type}  {error}");
            await output.WriteLineAsync(line.TrimEnd());
        }

        return (int)ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        JobItem job = await jobs.GetAsync(IdOf(parse), cancellationToken)
            ?? throw new StartupException(ExitCode.Failure, "No job has that id.");
        (string Name, object? Value)[] rows =
        [
            ("id", job.Id), ("type", job.Type), ("state", job.State + (job.IsStopping ? ", asked to stop" : "")), ("mode", job.Mode),
            ("priority", job.Priority), ("attempts", job.Attempt), ("failures", job.Failures), ("crashes", job.Crashes),
            ("created", job.CreatedAt), ("ready", job.ReadyAt), ("due", job.DueAt), ("started", job.StartedAt),
            ("finished", job.FinishedAt), ("progress", job.Percent is null ? null : $"{job.Percent} % {job.Message}"),
            ("payload", job.Payload), ("result", job.Result), ("error", job.Error),
        ];
        foreach ((string name, object? value) in rows)
        {
            if (value is not null)
            {
                await parse.InvocationConfiguration.Output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{name,-10}  {(value is DateTimeOffset at ? at.ToString("O") : value)}"));
            }
        }

        return (int)ExitCode.Ok;
    }

    private static async Task<int> RetryAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        string? id = parse.GetValue<string?>("id");
        string? type = parse.GetValue(All);
        if (id is null == type is null)
        {
            throw new StartupException(ExitCode.Usage, "Name a job, or all dead ones of a type with --all TYPE.");
        }

        if (type is null)
        {
            return await SayAsync(parse, await jobs.RetryAsync(ParseId(id!), cancellationToken));
        }

        int retried = await jobs.RetryAllAsync(type, cancellationToken);
        await parse.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"retried {retried}"));
        return (int)ExitCode.Ok;
    }

    private static async Task<int> CancelAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken) =>
        await SayAsync(parse, await jobs.CancelAsync(IdOf(parse), cancellationToken));

    private static async Task<int> PauseAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        await jobs.PauseAsync(parse.GetRequiredValue(Type), cancellationToken);
        await parse.InvocationConfiguration.Output.WriteLineAsync("paused");
        return (int)ExitCode.Ok;
    }

    private static async Task<int> ResumeAsync(IJobControl jobs, ParseResult parse, CancellationToken cancellationToken)
    {
        await jobs.ResumeAsync(parse.GetRequiredValue(Type), cancellationToken);
        await parse.InvocationConfiguration.Output.WriteLineAsync("resumed");
        return (int)ExitCode.Ok;
    }

    private static async Task<int> SayAsync(ParseResult parse, JobCommandStatus status)
    {
        if (status is JobCommandStatus.NotFound or JobCommandStatus.WrongState)
        {
            throw new StartupException(
                ExitCode.Failure,
                status == JobCommandStatus.NotFound ? "No job has that id." : "The job is not in a state for this; see: iskra jobs show");
        }

        await parse.InvocationConfiguration.Output.WriteLineAsync(
            status == JobCommandStatus.Requested ? "asked to stop; it ends when its handler does" : "done");
        return (int)ExitCode.Ok;
    }

    private static Guid IdOf(ParseResult parse) => ParseId(parse.GetRequiredValue(Id));

    private static Guid ParseId(string text) => Guid.TryParse(text, out Guid id)
        ? id
        : throw new StartupException(ExitCode.Usage, "A job's id is a UUID; see: iskra jobs list");
}
