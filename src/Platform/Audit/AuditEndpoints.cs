using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>The trail of the caller's tenant: search, export, verification, checkpoints.</summary>
public static class AuditEndpoints
{
    /// <summary>Maps <c>/v1/audit</c>.</summary>
    public static void MapIskraAudit(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/audit").WithTags("Audit").RequireScope(Scopes.AuditRead);
        AuditFilterQuery.Describe(group.MapGet("", SearchAsync).WithName("listAuditEntries").WithSummary("Audit entries, newest first")
            .WithPaging().Produces<Page<AuditItem>>().ProducesProblems(400));
        AuditFilterQuery.Describe(group.MapGet("/export", ExportAsync).WithName("exportAudit")
            .WithSummary("Audit entries as a file, oldest first; the export is audited itself")
            .WithQuery("format", "jsonl (unless told) or csv.").Produces<string>(contentType: "application/jsonl")
            .ProducesProblems(400));
        group.MapGet("/events", GetEvents).WithName("listAuditEvents").WithSummary("The catalogue of events")
            .Produces<IReadOnlyCollection<string>>();
        group.MapGet("/verification", GetVerification).WithName("getAuditVerification")
            .WithSummary("How the last verification of the trail ended").Produces<AuditVerificationDocument>();
        group.MapPost("/verification", StartVerificationAsync).WithName("startAuditVerification")
            .WithSummary("Verify the trail in the background").Produces<AuditVerificationDocument>(StatusCodes.Status202Accepted);
        group.MapGet("/checkpoints", ListCheckpointsAsync).WithName("listAuditCheckpoints").WithSummary("Signed checkpoints, newest first")
            .WithPaging().Produces<Page<CheckpointItem>>().ProducesProblems(400);
        group.MapGet("/keys", ListKeysAsync).WithName("listAuditKeys").WithSummary("The public keys that checkpoints are signed with")
            .Produces<IReadOnlyList<AuditPublicKeyItem>>();
    }

    private static async Task<IResult> SearchAsync(HttpContext context, AuditQueries queries)
    {
        if (!TryReadPage(context, out int limit, out long? before, out ProblemResult? problem)
            || !AuditFilterQuery.TryRead(context, out AuditFilter? filter, out problem))
        {
            return problem!;
        }

        IReadOnlyList<AuditItem> items = await queries.SearchAsync(
            context.GetTenant(), filter, before, limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(items, limit, item => PageCursor.Encode(item.Sequence)));
    }

    private static async Task<IResult> ExportAsync(
        HttpContext context, AuditQueries queries, AuditLog audit, Database database, IOptions<AuditOptions> options)
    {
        string format = context.Request.Query.TryGetValue("format", out var given) ? given.ToString() : "jsonl";
        if (format is not ("jsonl" or "csv"))
        {
            return Problems.Invalid("format", "must be jsonl or csv");
        }

        if (!AuditFilterQuery.TryRead(context, out AuditFilter? filter, out ProblemResult? problem))
        {
            return problem;
        }

        TenantId tenant = context.GetTenant();
        AuditEntry entry = new(tenant, AuditEventKind.AuditExported) { Target = format, Details = filter.Describe() };
        await database.WriteAsync(session => audit.AppendAsync(session, entry), context.RequestAborted);
        return new AuditExport(
            queries.ExportAsync(tenant, filter, options.Value.ExportEntriesMax, context.RequestAborted), format == "csv");
    }

    private static IResult GetEvents() => Results.Ok(AuditEventNames.All);

    private static IResult GetVerification(HttpContext context, AuditWatch watch) => Results.Ok(watch.StateOf(context.GetTenant()));

    private static async Task<IResult> StartVerificationAsync(HttpContext context, AuditWatch watch, AuditLog audit, Database database)
    {
        AuditEntry entry = new(context.GetTenant(), AuditEventKind.AuditVerified);
        await database.WriteAsync(session => audit.AppendAsync(session, entry), context.RequestAborted);
        watch.Request(context.GetTenant());
        return Results.Accepted("/v1/audit/verification", watch.StateOf(context.GetTenant()));
    }

    private static async Task<IResult> ListCheckpointsAsync(HttpContext context, AuditQueries queries)
    {
        if (!TryReadPage(context, out int limit, out long? before, out ProblemResult? problem))
        {
            return problem!;
        }

        IReadOnlyList<AuditCheckpoint> rows = await queries.CheckpointsAsync(
            context.GetTenant(), before, limit + 1, context.RequestAborted);
        return Results.Ok(Page.From([.. rows.Select(CheckpointItem.From)], limit, item => PageCursor.Encode(item.Sequence)));
    }

    private static async Task<IResult> ListKeysAsync(HttpContext context, AuditQueries queries)
    {
        IReadOnlyDictionary<int, byte[]> keys = await queries.PublicKeysAsync(context.RequestAborted);
        return Results.Ok(keys.Select(key => new AuditPublicKeyItem(key.Key, PemEncoding.WriteString("PUBLIC KEY", key.Value))).ToArray());
    }

    private static bool TryReadPage(HttpContext context, out int limit, out long? before, out ProblemResult? problem)
    {
        limit = 0;
        before = null;
        if (!PageRequest.TryRead(context, out PageRequest? page, out problem))
        {
            return false;
        }

        limit = page.Limit;
        if (page.Cursor is null)
        {
            return true;
        }

        bool ok = PageCursor.TryDecode(page.Cursor, out long value);
        before = value;
        problem = ok ? null : PageCursor.Invalid;
        return ok;
    }
}
