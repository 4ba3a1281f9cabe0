using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>The backups over HTTP. Restoring is for the person at the machine: <c>iskra backup restore</c>.</summary>
public static class BackupEndpoints
{
    private const int ItemsMax = 1_000;

    private static readonly ProblemResult Running = Problems.Create(
        StatusCodes.Status409Conflict, "backup-running", "A backup is under way", "Its progress is in GET /v1/system/backups.");

    /// <summary>Maps <c>/v1/system/backups</c>.</summary>
    public static void MapIskraBackup(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/system/backups").WithTags("System").RequireScope(Scopes.System);
        group.MapGet("", List).WithName("listBackups").WithSummary("Backups, newest first, and how the schedule does")
            .Produces<BackupListDocument>();
        group.MapPost("", Create).WithName("createBackup").WithSummary("Make a backup now; it goes on after the answer")
            .Produces<BackupListDocument>(StatusCodes.Status202Accepted).ProducesProblems(409);
    }

    private static IResult List(BackupService backups, IOptions<BackupOptions> options) => Results.Ok(Describe(backups, options.Value));

    private static IResult Create(BackupService backups, IOptions<BackupOptions> options, IHostApplicationLifetime lifetime) =>
        backups.TryStart(lifetime.ApplicationStopping)
            ? Results.Accepted("/v1/system/backups", Describe(backups, options.Value))
            : Running;

    private static BackupListDocument Describe(BackupService backups, BackupOptions options)
    {
        IReadOnlyList<BackupItem> items = backups.Refresh();
        BackupState state = backups.State;
        return new BackupListDocument(
            [.. items.Take(ItemsMax).Select(Describe)],
            backups.Folder,
            options.Schedule > TimeSpan.Zero ? options.Schedule.TotalSeconds : null,
            backups.Age?.TotalSeconds,
            backups.IsOverdue,
            state.RunningSince is { } since
                ? new BackupRunDocument(since, state.Progress.Phase ?? "starting", state.Progress.Done, state.Progress.Total)
                : null,
            state.LastFailure,
            state.LastFailureAt);
    }

    private static BackupDocument Describe(BackupItem item) => new(
        item.Id,
        item.FileName,
        item.Kind,
        item.BaseId,
        item.Engine == DatabaseEngine.Sqlite ? "sqlite" : "postgres",
        item.CreatedAt,
        item.Bytes,
        item.Fault);
}
