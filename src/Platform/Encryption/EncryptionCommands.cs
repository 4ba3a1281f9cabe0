using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Encryption;

/// <summary>
/// <c>iskra keys rotate | erase</c>, and the encryption keys' part of <c>iskra keys list</c>. On the embedded engine they need the data
/// folder for themselves; a running server does the same through its API.
/// </summary>
internal static class EncryptionCommands
{
    public static Command Rotate(ICommandHost host)
    {
        Option<int?> tenant = new("--tenant") { Description = "Only this tenant's key. Default: all tenants'", HelpName = "N" };
        Option<bool> root = new("--root") { Description = "Exchange the root key instead." };
        Option<string?> file = new("--new-key-file")
        {
            Description = "With --root: a file that holds the new root key in base64. Default: a new one, when the key is in our own file",
            HelpName = "FILE",
        };
        Command command = new Command("rotate", "Put new encryption keys in force. Data is not sealed anew: its keys are wrapped anew.")
        {
            tenant, root, file,
        }
            .WithExamples("iskra keys rotate", "iskra keys rotate --tenant 1", "iskra keys rotate --root  # then back the key folder up");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            (services, token) => parse.GetValue(root)
                ? RotateRootAsync(services, parse.GetValue(file), parse.InvocationConfiguration.Output, token)
                : RotateTenantsAsync(services, parse.GetValue(tenant), parse.InvocationConfiguration.Output, token),
            cancellation));
        return command;
    }

    public static Command Erase(ICommandHost host)
    {
        Option<int> tenant = new("--tenant") { Description = "The tenant's number.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<string> subject = new("--subject") { Description = "The person's id.", HelpName = "ID", Required = true };
        Command command = new Command(
            "erase", "Destroy a person's keys: what they sealed can't be read any more, here and in every backup. There is no way back.")
        {
            tenant, subject,
        }
            .WithExamples("iskra keys erase --tenant 1 --subject 0197f2c4-8a51-7c3e-9d20-5b8c1f6e7a90");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                string id = parse.GetRequiredValue(subject);
                if (!SubjectId.IsValid(id))
                {
                    throw new StartupException(
                        ExitCode.Usage, $"--subject must have 1 to {SubjectId.LengthMax} printable ASCII characters without spaces.");
                }

                DestroyOutcome outcome = await services.GetRequiredService<SubjectKeys>()
                    .DestroyAsync(new TenantId(parse.GetValue(tenant)), new SubjectId(id), token);
                if (outcome == DestroyOutcome.NotFound)
                {
                    throw new StartupException(ExitCode.Failure, "Nothing was ever sealed for such a subject.");
                }

                await parse.InvocationConfiguration.Output.WriteLineAsync(
                    (outcome == DestroyOutcome.Destroyed ? "erased" : "was erased before").AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    public static async Task ListAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        (IReadOnlyList<RootRow> roots, IReadOnlyList<EncryptionKeyItem> keys) = await services.GetRequiredService<Database>().ReadAsync(
            async session => (await RootKeys.ListAsync(session), await TenantKeys.ListAsync(session, null)), cancellationToken);
        foreach (RootRow root in roots)
        {
            string state = root == roots[0] ? "in force" : "replaced";
            string id = Convert.ToHexStringLower(root.RootId);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"root {root.Generation}  {id}  {state,-8}  {Instants.FromMicroseconds(root.CreatedAt):yyyy-MM-dd}"));
        }

        foreach (EncryptionKeyItem key in keys)
        {
            bool isNewest = !keys.Any(other => other.TenantId == key.TenantId && other.Version > key.Version);
            string use = isNewest ? "wraps" : "unwraps";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"tenant {key.TenantId}  version {key.Version}  {use,-7}  {key.Created:yyyy-MM-dd}  {key.DataKeys} data keys"));
        }
    }

    private static async Task<int> RotateTenantsAsync(
        IServiceProvider services, int? only, TextWriter output, CancellationToken cancellationToken)
    {
        KeyRotation rotation = services.GetRequiredService<KeyRotation>();
        IReadOnlyList<int> tenants = await rotation.TenantsAsync(cancellationToken);
        if (only is { } wanted && !tenants.Contains(wanted))
        {
            throw new StartupException(ExitCode.Usage, $"There is no tenant {wanted}.");
        }

        foreach (int tenant in only is { } one ? [one] : tenants)
        {
            (int version, int rewrapped) = await rotation.RotateTenantAsync(new TenantId(tenant), cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"tenant {tenant}: version {version} is in force, {rewrapped} data keys rewrapped"));
        }

        return (int)ExitCode.Ok;
    }

    private static async Task<int> RotateRootAsync(
        IServiceProvider services, string? file, TextWriter output, CancellationToken cancellationToken)
    {
        string id = await services.GetRequiredService<KeyRotation>().RotateRootAsync(file, cancellationToken);
        RootKeySource source = services.GetRequiredService<RootKeySource>();
        await output.WriteLineAsync(
            source.IsOwn
                ? $"root key {id} is in force, in {source.Description}: back its folder up"
                : $"root key {id} is in force: put it into {source.Description} before the next start");
        return (int)ExitCode.Ok;
    }
}
