using System.CommandLine;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards;

/// <summary><c>--tenant SLUG</c> of the commands that work for one tenant.</summary>
internal static class TenantOption
{
    public const string DefaultSlug = "default";

    public static Option<string> Tenant { get; } = new("--tenant")
    {
        Description = "Whose accounts, by the tenant's short name.",
        HelpName = "SLUG",
        DefaultValueFactory = _ => DefaultSlug,
    };

    /// <exception cref="StartupException">There is no such tenant, or it is disabled.</exception>
    public static async Task<TenantId> FindAsync(ParseResult parsed, Database database, CancellationToken cancellationToken)
    {
        string slug = parsed.GetValue(Tenant)!;
        int? id = await database.ReadAsync(
            session => session.ScalarAsync<int?>("select id from tenants where slug = @slug and disabled_at is null", new { slug }),
            cancellationToken);
        return id is { } found
            ? new TenantId(found)
            : throw new StartupException(
                ExitCode.Usage, $"--tenant: there is no tenant '{(slug.Length > 60 ? slug[..60] + "…" : slug)}', or it is disabled.");
    }
}
