using Iskra.Host.Web;
using Iskra.Platform.Audit;
using Iskra.Platform.Backup;
using Iskra.Platform.Encryption;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs.Api;
using Iskra.Platform.Limits;
using Iskra.Platform.Sagas;
using Iskra.Platform.Security;
using Iskra.Platform.Telemetry;

namespace Iskra.Host.Serving;

/// <summary>What a request passes, in order, and where it ends.</summary>
internal static class ServerPipeline
{
    public static void Map(WebApplication app, IEnumerable<IModule> roles, WebApp web)
    {
        app.UseIskraTelemetry();
        app.UseIskraHosting();
        app.UseIskraAddressLimits();
        app.UseIskraSecurity();
        app.UseIskraCallerLimits();
        app.UseIskraDocs();
        app.UseWebApp(web);

        app.MapIskraHealth();
        app.MapIskraMetrics();
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        app.MapIskraSecurity();
        app.MapIskraEncryption();
        app.MapIskraAudit();
        app.MapIskraEvents();
        app.MapIskraSagas();
        app.MapIskraJobs();
        app.MapSystem();
        app.MapIskraBackup();
        foreach (IModule module in roles)
        {
            module.MapEndpoints(app);
        }
    }
}
