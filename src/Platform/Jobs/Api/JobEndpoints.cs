using System.Text;
using System.Text.Json;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs.Schedules;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Jobs.Api;

/// <summary>The jobs over HTTP: queues, lists, one job live, and what a person does to them.</summary>
public static class JobEndpoints
{
    private const int RetriedMax = 500;

    // A watcher that is connected for longer is asked to connect again.
    private static readonly TimeSpan WatchMax = TimeSpan.FromHours(1);

    private static readonly ProblemResult WrongState = Problems.Create(
        StatusCodes.Status409Conflict, "job-in-other-state", "The job is not in a state for this",
        "Retry is for dead, quarantined, cancelled and scheduled jobs; cancel for those that have not ended; an answer for waiting ones.");

    private static readonly ProblemResult NotFound = Problems.Create(StatusCodes.Status404NotFound, "job-not-found", "No job has that id");

    private static readonly ProblemResult TypeNotFound =
        Problems.Create(StatusCodes.Status404NotFound, "job-type-not-found", "There is no such type of jobs", "See GET /v1/jobs/queues.");

    /// <summary>Maps <c>/v1/jobs</c>.</summary>
    public static void MapIskraJobs(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/jobs").WithTags("Jobs");
        group.MapGet("", ListAsync).RequireScope(Scopes.JobsRead).WithName("listJobs").WithSummary("Jobs, newest first")
            .WithPaging().WithQuery("type", "Jobs of this type.")
            .WithQuery("state", $"States, separated by commas: {JobStates.Known}.")
            .Produces<Page<JobItem>>().ProducesProblems(400);
        group.MapGet("/{id:guid}", GetAsync).RequireScope(Scopes.JobsRead).WithName("getJob").WithSummary("One job")
            .Produces<JobItem>().ProducesProblems(404);
        group.MapGet("/{id:guid}/events", WatchAsync).RequireScope(Scopes.JobsRead).WithName("watchJob")
            .WithSummary("One job live: an event stream with the job now and after each change, until it has ended")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblems(404);
        group.MapPost("/{id:guid}:retry", RetryAsync).RequireScope(Scopes.JobsWrite).WithName("retryJob")
            .WithSummary("Start a dead, quarantined or cancelled job afresh, or a scheduled one now")
            .Produces<JobItem>().ProducesProblems(404, 409);
        group.MapPost("/{id:guid}:cancel", CancelAsync).RequireScope(Scopes.JobsWrite).WithName("cancelJob")
            .WithSummary("End a job that has not started; ask a running one to stop (202)")
            .Produces<JobItem>().Produces<JobItem>(StatusCodes.Status202Accepted).ProducesProblems(404, 409);
        group.MapPost("/{id:guid}:answer", AnswerAsync).RequireScope(Scopes.JobsWrite).WithName("answerJob")
            .WithSummary("Say whether a job that waits at its deadline goes on").Accepts<JobAnswer>("application/json")
            .Produces<JobItem>().ProducesProblems(400, 404, 409);

        group.MapGet("/queues", QueuesAsync).RequireScope(Scopes.JobsRead).WithName("listJobQueues")
            .WithSummary("Depth, age, running, dead and times of each type").Produces<JobQueueList>();
        group.MapPost("/queues/{type}:retry", RetryAllAsync).RequireScope(Scopes.JobsWrite).WithName("retryDeadJobs")
            .WithSummary($"Retry up to {RetriedMax} dead and quarantined jobs of a type, oldest first").Produces<RetriedJobs>();
        group.MapPost("/queues/{type}:pause", PauseAsync)
            .RequireScope(Scopes.System).WithName("pauseJobQueue").WithSummary("Start nothing more of a type, in all processes")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(404);
        group.MapPost("/queues/{type}:resume", ResumeAsync)
            .RequireScope(Scopes.System).WithName("resumeJobQueue").WithSummary("Start a paused type's jobs again")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(404);
        group.MapGet("/schedules", SchedulesAsync).RequireScope(Scopes.JobsRead).WithName("listJobSchedules")
            .WithSummary("What is enqueued again and again").Produces<JobScheduleList>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, JobDirectory jobs, string? type = null, string? state = null)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        Guid before = Guid.Empty;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out before))
        {
            return PageCursor.Invalid;
        }

        if (!JobStates.TryParse(state, out IReadOnlyList<JobState> states))
        {
            return Problems.Invalid("state", $"must be of {JobStates.Known}, separated by commas");
        }

        JobFilter filter = new()
        {
            Type = string.IsNullOrEmpty(type) ? null : type,
            States = states,
            Before = page.Cursor is null ? null : before,
            Limit = page.Limit + 1,
        };
        IReadOnlyList<JobInfo> rows = await jobs.ListAsync(context.GetTenant(), filter, context.RequestAborted);
        return Results.Ok(Page.From([.. rows.Select(JobItem.From)], page.Limit, job => PageCursor.Encode(job.Id)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, JobDirectory jobs) =>
        await jobs.GetAsync(context.GetTenant(), id, context.RequestAborted) is { } job ? Results.Ok(JobItem.From(job)) : NotFound;

    private static async Task WatchAsync(Guid id, HttpContext context, JobDirectory jobs, IHostApplicationLifetime lifetime)
    {
        using CancellationTokenSource done =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        done.CancelAfter(WatchMax);
        bool hasStarted = false;
        try
        {
            await foreach (JobInfo job in jobs.WatchAsync(context.GetTenant(), id, done.Token))
            {
                if (!hasStarted)
                {
                    hasStarted = true;
                    context.Response.ContentType = "text/event-stream; charset=utf-8";
                    context.Response.Headers.CacheControl = "no-cache, no-store";
                    context.Response.Headers["X-Accel-Buffering"] = "no";
                }

                string data = JsonSerializer.Serialize(JobItem.From(job), StrictJson.Options);
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: job\ndata: {data}\n\n"), done.Token);
                await context.Response.Body.FlushAsync(done.Token);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The watcher went away, or the process stops: the stream ends here.
            return;
        }

        if (!hasStarted)
        {
            await NotFound.ExecuteAsync(context);
        }
    }

    private static async Task<IResult> RetryAsync(Guid id, HttpContext context, JobDirectory jobs) =>
        await AnswerToAsync(await jobs.RetryAsync(context.GetTenant(), id, context.RequestAborted), id, context, jobs);

    private static async Task<IResult> CancelAsync(Guid id, HttpContext context, JobDirectory jobs) =>
        await AnswerToAsync(await jobs.CancelAsync(context.GetTenant(), id, context.RequestAborted), id, context, jobs);

    private static async Task<IResult> AnswerAsync(Guid id, HttpContext context, JobDirectory jobs)
    {
        if (!(await JsonBody.ReadAsync<JobAnswer>(context)).TryGet(out JobAnswer? body, out ProblemResult? problem))
        {
            return problem;
        }

        JobCommandStatus status = await jobs.AnswerAsync(context.GetTenant(), id, body.GoOn, context.RequestAborted);
        return await AnswerToAsync(status, id, context, jobs);
    }

    private static async Task<IResult> AnswerToAsync(JobCommandStatus status, Guid id, HttpContext context, JobDirectory jobs)
    {
        if (status is JobCommandStatus.NotFound or JobCommandStatus.WrongState)
        {
            return status == JobCommandStatus.NotFound ? NotFound : WrongState;
        }

        JobInfo? job = await jobs.GetAsync(context.GetTenant(), id, context.RequestAborted);
        return job is null ? NotFound
            : status == JobCommandStatus.Requested ? Results.Accepted($"/v1/jobs/{id}", JobItem.From(job))
            : Results.Ok(JobItem.From(job));
    }

    private static async Task<IResult> QueuesAsync(HttpContext context, JobDirectory jobs, TimeProvider time)
    {
        Dictionary<string, JobTypeSla> sla = jobs.Sla().ToDictionary(one => one.Type, StringComparer.Ordinal);
        IReadOnlyList<JobQueueInfo> queues = await jobs.QueuesAsync(context.GetTenant(), context.RequestAborted);
        return Results.Ok(new JobQueueList(
            [.. queues.Select(queue => JobQueueItem.From(queue, sla.GetValueOrDefault(queue.Type)))], time.GetUtcNow()));
    }

    private static async Task<IResult> RetryAllAsync(string type, HttpContext context, JobDirectory jobs)
    {
        int retried = await jobs.RetryAllAsync(context.GetTenant(), type, RetriedMax, context.RequestAborted);
        return Results.Ok(new RetriedJobs(retried, retried == RetriedMax));
    }

    private static async Task<IResult> PauseAsync(string type, JobDirectory jobs, HttpContext context)
    {
        if (!await IsKnownAsync(type, jobs, context))
        {
            return TypeNotFound;
        }

        await jobs.PauseAsync(type, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> ResumeAsync(string type, JobDirectory jobs, HttpContext context)
    {
        if (!await IsKnownAsync(type, jobs, context))
        {
            return TypeNotFound;
        }

        await jobs.ResumeAsync(type, context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary>A type that no process has and no job is of would stay in the list of queues for ever.</summary>
    private static async Task<bool> IsKnownAsync(string type, JobDirectory jobs, HttpContext context) =>
        (await jobs.QueuesAsync(context.GetTenant(), context.RequestAborted)).Any(queue => queue.Type == type);

    private static async Task<IResult> SchedulesAsync(HttpContext context, JobSchedules schedules) =>
        Results.Ok(new JobScheduleList(
            [.. (await schedules.ListAsync(context.GetTenant(), context.RequestAborted)).Select(JobScheduleItem.From)]));
}
