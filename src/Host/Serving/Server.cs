using System.CommandLine;
using Iskra.Host.CommandLine;
using Iskra.Host.Web;
using Iskra.Platform.Cluster;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Telemetry;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Iskra.Host.Serving;

/// <summary>
/// Starts in an order in which each step can still refuse without a trace: settings, addresses, the store, the web app, the port; and only
/// when the port is ours, the first key, so that it is never made without being shown.
/// </summary>
internal static class Server
{
    public static async Task<int> RunAsync(
        ParseResult command, IReadOnlyList<IModule> modules, IEnumerable<KeyValuePair<string, string?>> extra,
            CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = HostConfiguration.Build(command, Environment.GetEnvironmentVariables(), extra);
        IReadOnlyList<IModule> roles = Roles.Select(configuration["Roles"], modules);
        string[] urls = ListenUrls.Parse(configuration["Urls"]);
        TextWriter output = command.InvocationConfiguration.Output;

        using ConsoleCancellation cancellation = new(cancellationToken);
        DatabaseHolder holder = new();
        StartedFlag started = new();
        await using WebApplication app = Build(configuration, roles, urls, holder, started);
        await using Database database = await Composition.OpenDatabaseAsync(
            app.Services, configuration, roles, StoreAccess.Exclusive, cancellation.Token);
        holder.Database = database;
        string? newKeys = await app.Services.GetRequiredService<EncryptionStart>().RunAsync(cancellation.Token);
        await app.Services.GetRequiredService<AdminKeys>().ApplyEnvironmentAsync(cancellation.Token);

        WebApp web = await WebAppPreparation.PrepareAsync(
            app.Services.GetRequiredService<IOptions<WebOptions>>().Value, command.InvocationConfiguration.Error, cancellation.Token);
        SystemState state = app.Services.GetRequiredService<SystemState>();
        state.Roles = [.. roles.Select(module => module.Name)];
        ServerPipeline.Map(app, roles, web);

        try
        {
            // A start that fails (port taken) leaves services running that must end before the store is closed under them.
            await app.StartAsync(cancellation.Token);
            started.IsSet = true;
            string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? urls];
            database.PublishAddress(addresses[0]);
            app.Services.GetRequiredService<NodeAddress>().Publish(addresses[0]);
            NewApiKey? firstKey = await app.Services.GetRequiredService<AdminKeys>().CreateFirstAsync(cancellation.Token);
            bool isEmpty = await state.IsEmptyAsync(TenantId.Default, cancellation.Token);
            await Banner.WriteAsync(output, new BannerFacts(addresses, configuration, database.Description, roles, web, firstKey?.Key,
                isEmpty, newKeys));
            app.Services.GetRequiredService<StartupState>().Complete();
            await app.WaitForShutdownAsync(cancellation.Token);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        return (int)ExitCode.Ok;
    }

    /// <summary>Internal for the test that looks at every endpoint.</summary>
    internal static WebApplication Build(
        IConfigurationRoot configuration, IReadOnlyList<IModule> roles, string[] urls, DatabaseHolder holder, StartedFlag started)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "iskra" });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrel(kestrel => kestrel.Configure(configuration.GetSection("Kestrel"), reloadOnChange: false));
        builder.WebHost.UseUrls(urls);
        builder.Logging.SetMinimumLevel(LogLevel.Information);

        // Until the start is complete a fault is reported as one line; the framework would log it first, with a stack trace.
        builder.Logging.AddFilter("Microsoft", level => started.IsSet && level >= LogLevel.Warning);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddIskraLogging(Composition.LogFormat(configuration));
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.AddRouting();
        builder.Services.AddIskraOpenApi();
        builder.Services.AddSingleton<SystemState>();
        builder.Services.AddValidatedOptions<WebOptions>(configuration, WebOptions.Section);
        Composition.AddPlatform(builder.Services, configuration, holder);
        foreach (IModule module in roles)
        {
            module.AddServices(builder.Services, configuration);
        }

        Composition.Validate(builder.Services);
        return builder.Build();
    }

    internal sealed class StartedFlag
    {
        private volatile bool _isSet;

        public bool IsSet
        {
            get => _isSet;
            set => _isSet = value;
        }
    }
}
