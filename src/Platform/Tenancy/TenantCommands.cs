using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tenancy;

/// <summary><c>iskra tenants create | list | rename | disable | enable</c>, and the option <c>--tenant</c> of other commands.</summary>
public static class TenantCommands
{
    private const int ListMax = 100_000;

    public static Command Create(ICommandHost host) =>
        new Command("tenants", "Make, list, rename, disable and enable tenants.")
        {
            CreateTenant(host), List(host), Rename(host), SetDisabled(host, isDisabled: true), SetDisabled(host, isDisabled: false),
        }
            .WithExamples(
                "iskra tenants create acme --name 'Acme Payments'",
                "iskra keys create ops --scope admin --tenant acme",
                "iskra tenants disable acme");

    /// <summary>The option <c>--tenant SLUG</c>; the default tenant when left out.</summary>
    internal static Option<string> Option() => new("--tenant")
    {
        Description = "The tenant's short name.",
        DefaultValueFactory = _ => Tenant.DefaultSlug,
    };

    /// <summary>The tenant with this slug.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    internal static async Task<Tenant> RequireAsync(IServiceProvider services, string slug, CancellationToken cancellationToken) =>
        await services.GetRequiredService<Tenants>().FindAsync(slug, cancellationToken)
            ?? throw new StartupException(ExitCode.Failure, "There is no tenant with this slug: see 'iskra tenants list'.");

    private static Command CreateTenant(ICommandHost host)
    {
        Argument<string> slug = new("slug") { Description = TenantRules.SlugRule };
        Option<string?> name = new("--name") { Description = "What people call it; the slug when left out." };
        Command command = new Command("create", "Make a tenant.") { slug, name }
            .WithExamples("iskra tenants create acme --name 'Acme Payments'");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                string wanted = parse.GetRequiredValue(slug);
                string title = parse.GetValue(name) ?? wanted;
                IReadOnlyList<ProblemError> faults = TenantRules.FindFaults(wanted, title);
                if (faults.Count > 0)
                {
                    throw new StartupException(ExitCode.Usage, $"{faults[0].Path.TrimStart('$', '.')} {faults[0].Message}");
                }

                Tenant tenant = await services.GetRequiredService<Tenants>().CreateAsync(wanted, title, null, token)
                    ?? throw new StartupException(ExitCode.Failure, "There is a tenant with this slug.");
                await WriteAsync(parse, tenant, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command List(ICommandHost host)
    {
        Command command = new Command("list", "List the tenants: number, state, slug, name.").WithExamples("iskra tenants list");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                foreach (Tenant tenant in await services.GetRequiredService<Tenants>().ListAsync(0, ListMax, token))
                {
                    await WriteAsync(parse, tenant, token);
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command Rename(ICommandHost host)
    {
        Argument<string> slug = new("slug") { Description = "The tenant's short name." };
        Argument<string> name = new("name") { Description = "What people call it from now on." };
        Command command = new Command("rename", "Change a tenant's name; the slug stays.") { slug, name }
            .WithExamples("iskra tenants rename acme 'Acme Bank'");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                Tenant tenant = await RequireAsync(services, parse.GetRequiredValue(slug), token);
                string title = parse.GetRequiredValue(name);
                if (!TenantRules.IsName(title))
                {
                    throw new StartupException(ExitCode.Usage, $"name {TenantRules.NameRule}");
                }

                await WriteAsync(
                    parse, (await services.GetRequiredService<Tenants>().RenameAsync(tenant.TenantId, title, null, token))!, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command SetDisabled(ICommandHost host, bool isDisabled)
    {
        Argument<string> slug = new("slug") { Description = "The tenant's short name." };
        string verb = isDisabled ? "disable" : "enable";
        string text = isDisabled ? "End all keys, sessions and tokens of a tenant; its data stays." : "Let a tenant's keys work again.";
        Command command = new Command(verb, text) { slug }.WithExamples($"iskra tenants {verb} acme");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                Tenant tenant = await RequireAsync(services, parse.GetRequiredValue(slug), token);
                if (isDisabled && tenant.TenantId == TenantId.Default)
                {
                    throw new StartupException(ExitCode.Usage, "The default tenant can't be disabled.");
                }

                Tenants tenants = services.GetRequiredService<Tenants>();
                await WriteAsync(parse, (await tenants.SetDisabledAsync(tenant.TenantId, isDisabled, null, token))!, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Task WriteAsync(ParseResult parse, Tenant tenant, CancellationToken cancellationToken)
    {
        string state = tenant.DisabledAt is null ? "active" : "disabled";
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{tenant.Id,5}  {state,-8}  {tenant.CreatedAt:yyyy-MM-dd}  {tenant.Slug,-20}  {tenant.Name}");
        return parse.InvocationConfiguration.Output.WriteLineAsync(line.AsMemory(), cancellationToken);
    }
}
