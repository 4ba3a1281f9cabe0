using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Users;

/// <summary><c>iskra users create | list | disable | enable | password</c>: for the person at the machine.</summary>
public static class UserCommands
{
    private const int ListMax = 100_000;
    private const int GeneratedLength = 20;
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static Command Create(ICommandHost host) =>
        new Command("users", "Make, list, disable and enable users, and set passwords.")
        {
            CreateUser(host), List(host), SetDisabled(host, isDisabled: true), SetDisabled(host, isDisabled: false), SetPassword(host),
        }
            .WithExamples(
                "iskra users create anna@example.org --role admin --generate",
                "iskra users list --tenant acme",
                "iskra users password anna@example.org < password.txt");

    private static Command CreateUser(ICommandHost host)
    {
        Argument<string> login = new("login") { Description = "An e-mail address or a short name; unique within the tenant." };
        Option<string?> name = new("--name") { Description = "What pages call the user; the login when left out." };
        Option<string[]> roles = new("--role")
        {
            Description = "A role: admin, operator, viewer or one of the tenant's own; may be repeated.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> scopes = new("--scope")
        {
            Description = $"A scope beside those of the roles; may be repeated: {string.Join(", ", Scopes.Grantable)}.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> generate = GenerateOption();
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("create", "Make a user; the password is read from standard input.")
        {
            login, name, roles, scopes, generate, tenant,
        }
            .WithExamples("iskra users create anna@example.org --role admin --generate", "iskra users create ops --role operator < file");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                string wanted = parse.GetRequiredValue(login).Trim();
                string[] ofRoles = parse.GetValue(roles) ?? [];
                string[] ofScopes = parse.GetValue(scopes) ?? [];
                IReadOnlyList<Role> known = await services.GetRequiredService<RoleStore>().ListAsync(where, token);
                List<ProblemError> faults = [];
                UserRules.CheckLogin(wanted, faults);
                NewKeyRules.CheckName("$.name", parse.GetValue(name) ?? wanted, faults);
                UserRules.CheckRoles(ofRoles, known, where, null, faults);
                ScopeRules.Check("$.scope", ofScopes, required: false, where, null, faults);
                Refuse(faults);
                string hash = await ReadHashAsync(parse, services, wanted, parse.GetValue(generate), token);
                User user = await services.GetRequiredService<UserStore>().CreateAsync(
                        where, wanted, parse.GetValue(name) ?? wanted, ofRoles, ofScopes, hash, null, token)
                    ?? throw new StartupException(ExitCode.Failure, "There is a user with this login.");
                await WriteAsync(parse, user, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command List(ICommandHost host)
    {
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("list", "List the users: state, login, roles, name.") { tenant }
            .WithExamples("iskra users list", "iskra users list --tenant acme");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                TenantId where = (await TenantCommands.RequireAsync(services, parse.GetRequiredValue(tenant), token)).TenantId;
                foreach (User user in await services.GetRequiredService<UserStore>().ListAsync(where, null, ListMax, token))
                {
                    await WriteAsync(parse, user, token);
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command SetDisabled(ICommandHost host, bool isDisabled)
    {
        Argument<string> login = new("login") { Description = "The user's login." };
        Option<string> tenant = TenantCommands.Option();
        string verb = isDisabled ? "disable" : "enable";
        string text = isDisabled ? "End a user's sessions and tokens and let them sign in no more." : "Let a user sign in again.";
        Command command = new Command(verb, text) { login, tenant }.WithExamples($"iskra users {verb} anna@example.org");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                UserRow row = await RequireAsync(services, parse.GetRequiredValue(tenant), parse.GetRequiredValue(login), token);
                UserChanges changes = new(null, null, null, isDisabled);
                User? user = await services.GetRequiredService<UserStore>().ChangeAsync(row.Tenant, row.Id, changes, null, token);
                await WriteAsync(parse, user!, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command SetPassword(ICommandHost host)
    {
        Argument<string> login = new("login") { Description = "The user's login." };
        Option<bool> generate = GenerateOption();
        Option<string> tenant = TenantCommands.Option();
        Command command = new Command("password", "Set a password, read from standard input; ends the user's sessions and tokens.")
        {
            login, generate, tenant,
        }
            .WithExamples("iskra users password anna@example.org --generate", "iskra users password anna@example.org < password.txt");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                UserRow row = await RequireAsync(services, parse.GetRequiredValue(tenant), parse.GetRequiredValue(login), token);
                string hash = await ReadHashAsync(parse, services, row.Login, parse.GetValue(generate), token);
                await services.GetRequiredService<UserStore>().SetPasswordAsync(row.Tenant, row.Id, hash, null, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Option<bool> GenerateOption() => new("--generate") { Description = "Make a password and print it, once." };

    private static async Task<UserRow> RequireAsync(
        IServiceProvider services, string slug, string login, CancellationToken cancellationToken)
    {
        Tenant tenant = await TenantCommands.RequireAsync(services, slug, cancellationToken);
        return await services.GetRequiredService<UserStore>().FindByLoginAsync(tenant.TenantId, login, cancellationToken)
            ?? throw new StartupException(ExitCode.Failure, "The tenant has no user with this login.");
    }

    /// <summary>A password is never an argument: those are seen by everyone on the machine.</summary>
    private static async Task<string> ReadHashAsync(
        ParseResult parse, IServiceProvider services, string login, bool generate, CancellationToken cancellationToken)
    {
        string password;
        if (generate)
        {
            password = RandomNumberGenerator.GetString(Alphabet, GeneratedLength);
            await parse.InvocationConfiguration.Output.WriteLineAsync(password.AsMemory(), cancellationToken);
        }
        else
        {
            if (!Console.IsInputRedirected)
            {
                await parse.InvocationConfiguration.Error.WriteAsync("Password: ".AsMemory(), cancellationToken);
            }

            password = (Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : ReadHidden()) ?? "";
        }

        List<ProblemError> faults = [];
        int lengthMin = services.GetRequiredService<IOptions<PasswordOptions>>().Value.LengthMin;
        UserRules.CheckPassword("$.password", password, login, lengthMin, faults);
        Refuse(faults);
        return (await services.GetRequiredService<PasswordHasher>().HashAsync(password, cancellationToken))!;
    }

    private static string ReadHidden()
    {
        System.Text.StringBuilder text = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        return text.ToString();
    }

    private static void Refuse(List<ProblemError> faults)
    {
        if (faults.Count > 0)
        {
            throw new StartupException(
                ExitCode.Usage, string.Join("; ", faults.Select(fault => $"{fault.Path.TrimStart('$', '.')} {fault.Message}")));
        }
    }

    private static Task WriteAsync(ParseResult parse, User user, CancellationToken cancellationToken)
    {
        string state = user.DisabledAt is null ? "active" : "disabled";
        string rights = string.Join(',', user.Roles.Concat(user.Scopes));
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{state,-8}  {user.CreatedAt:yyyy-MM-dd}  {user.Login,-30}  {rights,-20}  {user.DisplayName}");
        return parse.InvocationConfiguration.Output.WriteLineAsync(line.AsMemory(), cancellationToken);
    }
}
