using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Security;

/// <summary>
/// <c>iskra keys create | list | revoke</c> for API keys, <c>rotate | erase</c> for encryption keys: for the person at the machine.
/// </summary>
public static class SecurityCommands
{
    private const int ListMax = 10_000;

    public static Command Create(ICommandHost host) =>
        new Command("keys", "API keys: create, list, revoke. Encryption keys: list, rotate, erase.")
        {
            CreateKey(host), ListKeys(host), RevokeKey(host), EncryptionCommands.Rotate(host), EncryptionCommands.Erase(host),
        }
            .WithExamples("iskra keys create ops --scope admin", "iskra keys list", "iskra keys revoke Ab3dE5gH", "iskra keys rotate",
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
        Option<string> kind = new("--kind") { Description = "Which keys: api, encryption or all.", DefaultValueFactory = _ => "all" };
        kind.AcceptOnlyFromAmong("api", "encryption", "all");
        Command command = new Command(
            "list", "List a tenant's API keys (prefix, state, scopes, name) and encryption keys.") { kind, tenant }
            .WithExamples("iskra keys list --data /var/lib/iskra", "iskra keys list --kind encryption");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                TextWriter output = parse.InvocationConfiguration.Output;
                if (parse.GetRequiredValue(kind) is not "encryption")
                {
                    await output.WriteLineAsync("API keys".AsMemory(), token);
                    await ListApiKeysAsync(where, services, output, token);
                }

                if (parse.GetRequiredValue(kind) is not "api")
                {
                    await output.WriteLineAsync("Encryption keys".AsMemory(), token);
                    await EncryptionCommands.ListAsync(services, output, token);
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static async Task ListApiKeysAsync(
        TenantId where, IServiceProvider services, TextWriter output, CancellationToken token)
    {
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (ApiKey key in await services.GetRequiredService<ApiKeys>().ListAsync(where, null, ListMax, token))
        {
            string state = key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : "good";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{key.Prefix}  {state,-7}  {key.CreatedAt:yyyy-MM-dd}  {string.Join(',', key.Scopes),-30}  {key.Name}"));
        }
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
