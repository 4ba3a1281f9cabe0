using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Encryption;

/// <summary>The caller's tenant's encryption keys, and the erasure of a person.</summary>
public static class EncryptionEndpoints
{
    /// <summary>Maps <c>/v1/security/encryption-keys</c> and <c>/v1/security/subjects</c>.</summary>
    public static void MapIskraEncryption(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/security").WithTags("Security").RequireScope(Scopes.Admin);
        group.MapGet("/encryption-keys", ListAsync).WithName("listEncryptionKeys").WithSummary("The tenant's encryption keys, by version")
            .Produces<IReadOnlyList<EncryptionKeyItem>>();
        group.MapPost("/encryption-keys", RotateAsync).WithName("rotateEncryptionKey")
            .WithSummary("Put a new version of the tenant's encryption key in force").Produces<KeyRotationDocument>();
        group.MapDelete("/subjects/{id}", EraseAsync).WithName("eraseSubject")
            .WithSummary("Destroy a person's keys: what they sealed can't be read any more, here and in every backup")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(400, 404);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Database database)
    {
        TenantId tenant = context.GetTenant();
        return Results.Ok(await database.ReadAsync(session => TenantKeys.ListAsync(session, tenant), context.RequestAborted));
    }

    private static async Task<IResult> RotateAsync(HttpContext context, KeyRotation rotation, ILogger<KeyRotation> logger)
    {
        TenantId tenant = context.GetTenant();
        (int version, int rewrapped) = await rotation.RotateTenantAsync(tenant, context.RequestAborted);
        Log.Rotated(logger, tenant.Value, version, rewrapped);
        return Results.Ok(new KeyRotationDocument(version, rewrapped));
    }

    private static async Task<IResult> EraseAsync(string id, HttpContext context, SubjectKeys subjects, ILogger<SubjectKeys> logger)
    {
        if (!SubjectId.IsValid(id))
        {
            return Problems.Invalid("id", $"must have 1 to {SubjectId.LengthMax} printable ASCII characters without spaces");
        }

        // Not cancelled when the caller goes away: an erasure that began is finished.
        DestroyOutcome outcome = await subjects.DestroyAsync(context.GetTenant(), new SubjectId(id), CancellationToken.None);
        if (outcome == DestroyOutcome.NotFound)
        {
            return Problems.NotFound("Nothing was ever sealed for such a subject.");
        }

        Log.Erased(logger, context.GetTenant().Value);
        return Results.NoContent();
    }
}
