using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Security;

/// <summary><c>iskra keys create | list | revoke</c>: for the person at the machine, without a server.</summary>
public static class SecurityCommands
{
    private const int ListMax = 10_000;

    public static Command Create(ICommandHost host) =>
        new Command("keys", "Make, list and revoke API keys while no server holds the data folder.")
        {
            CreateKey(host), ListKeys(host), RevokeKey(host),
        }
            .WithExamples("iskra keys create ops --scope admin", "iskra keys list", "iskra keys revoke Ab3dE5gH",
                "iskra keys list --tenant acme");

    private static Command CreateKey(ICommandHost host)
    {
        Argument<string> name = new("name") { Description = "What to call the key." };
        Option<string[]> scopes = new("--scope")
        {
            Description = $"What the key may do; may be repeated: {string.Join(", ", Scopes.Grantable)}.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int?> days = new("--days") { Description = "Days until it expires; never when left out." };
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("create", "Make a key and print it, once.") { name, scopes, days, tenant }
            .WithExamples("iskra keys create terminal --scope cards:read cards:write --days 90", "iskra keys create ops --scope admin");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                DateTimeOffset? expiresAt = parse.GetValue(days) is { } count ? now.AddDays(Math.Clamp(count, -1, 36_500)) : null;
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                string[] wanted = parse.GetRequiredValue(scopes);
                IReadOnlyList<ProblemError> faults = NewKeyRules.FindFaults(
                    parse.GetRequiredValue(name), wanted, expiresAt, now, where, giver: null);
                if (faults.Count > 0)
                {
                    throw new StartupException(ExitCode.Usage,
                        string.Join("; ", faults.Select(fault => $"{fault.Path.TrimStart('$', '.')} {fault.Message}")));
                }

                NewApiKey key = await services.GetRequiredService<ApiKeys>()
                    .CreateAsync(where, parse.GetRequiredValue(name), wanted, expiresAt, KeyOrigin.Created, null, token);
                await parse.InvocationConfiguration.Output.WriteLineAsync(key.Key.AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command ListKeys(ICommandHost host)
    {
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("list", "List the tenant's keys: prefix, state, scopes, name.") { tenant }
            .WithExamples("iskra keys list --data /var/lib/iskra");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                TextWriter output = parse.InvocationConfiguration.Output;
                foreach (ApiKey key in await services.GetRequiredService<ApiKeys>().ListAsync(where, null, ListMax, token))
                {
                    string state = key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : "good";
                    await output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{key.Prefix}  {state,-7}  {key.CreatedAt:yyyy-MM-dd}  {string.Join(',', key.Scopes),-30}  {key.Name}"));
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command RevokeKey(ICommandHost host)
    {
        Argument<string> prefix = new("prefix") { Description = "The key's 8 characters after isk_, as 'iskra keys list' shows them." };
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("revoke", "Revoke a key, its sessions and its tokens.") { prefix, tenant }
            .WithExamples("iskra keys revoke Ab3dE5gH");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                ApiKeys keys = services.GetRequiredService<ApiKeys>();
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                Guid id = await keys.FindByPrefixAsync(where, parse.GetRequiredValue(prefix), token)
                    ?? throw new StartupException(ExitCode.Failure, "There is no key with this prefix.");
                await keys.RevokeAsync(where, id, null, token);
                await parse.InvocationConfiguration.Output.WriteLineAsync("revoked".AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }
}
