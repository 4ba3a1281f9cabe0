using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary><c>iskra audit verify | public-keys</c>: beside a running server, or without one.</summary>
public static class AuditCommands
{
    private const long ProgressEvery = 100_000;

    public static Command Create(ICommandHost host) =>
        new Command("audit", "Verify the audit trail, and show the keys that its checkpoints are signed with.")
        {
            Verify(host), PublicKeys(host),
        }
            .WithExamples("iskra audit verify", "iskra audit verify --tenant 1 --checkpoints /mnt/worm/iskra", "iskra audit public-keys");

    private static Command Verify(ICommandHost host)
    {
        Option<int?> tenant = new("--tenant") { Description = "Only this tenant's trail.", HelpName = "N" };
        Option<string?> folder = new("--checkpoints")
        {
            Description = "A folder with copies of checkpoints. Default: Audit:CheckpointFolder",
            HelpName = "DIR",
        };
        Command command = new Command("verify", "Read every entry; check its link and every checkpoint. Exit code 9: a fault.")
        {
            tenant, folder,
        }
            .WithExamples("iskra audit verify", "iskra audit verify --tenant 1  # one trail");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            (services, token) => VerifyAsync(
                services, parse.GetValue(tenant), parse.GetValue(folder), parse.InvocationConfiguration.Output,
                parse.InvocationConfiguration.Error, token),
            cancellation));
        return command;
    }

    private static Command PublicKeys(ICommandHost host)
    {
        Command command = new Command("public-keys", "Print the public keys that checkpoints are signed with, in PEM.")
            .WithExamples("iskra audit public-keys > audit.pem");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                IReadOnlyDictionary<int, byte[]> keys = await services.GetRequiredService<Database>()
                    .ReadAsync(AuditSigningKeys.PublicKeysAsync, token);
                foreach ((int id, byte[] spki) in keys)
                {
                    string pem = string.Create(
                        CultureInfo.InvariantCulture, $"# key {id}\n{PemEncoding.WriteString("PUBLIC KEY", spki)}");
                    await parse.InvocationConfiguration.Output.WriteLineAsync(pem.AsMemory(), token);
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static async Task<int> VerifyAsync(
        IServiceProvider services, int? only, string? folder, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        AuditVerifier verifier = services.GetRequiredService<AuditVerifier>();
        folder ??= services.GetRequiredService<IOptions<AuditOptions>>().Value.CheckpointFolder;
        IReadOnlyList<int> tenants = await verifier.TenantsAsync(cancellationToken);
        if (only is { } wanted && !tenants.Contains(wanted))
        {
            throw new StartupException(ExitCode.Usage, $"There is no tenant {wanted}.");
        }

        bool isWhole = true;
        foreach (int tenant in only is { } one ? [one] : tenants)
        {
            long next = ProgressEvery;
            AuditVerification result = await verifier.VerifyAsync(
                new TenantId(tenant),
                folder,
                entries =>
                {
                    if (entries >= next)
                    {
                        next = entries + ProgressEvery;
                        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tenant {tenant}: {entries} entries …"));
                    }
                },
                cancellationToken);
            await output.WriteLineAsync(Describe(result).AsMemory(), cancellationToken);
            isWhole &= result.Fault is null;
        }

        return (int)(isWhole ? ExitCode.Ok : ExitCode.VerificationFailed);
    }

    private static string Describe(AuditVerification result)
    {
        string keys = result.AreKeysChecked ? "" : "; the root key isn't here, so the signing keys were not checked";
        string waiting = result.Waiting == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {result.Waiting} wait to be linked");
        FormattableString text = result.Fault is { } fault
            ? $"FAULT at {fault.Sequence} ({fault.Kind}): {fault.Text}; {result.Entries} entries before it are good"
            : (FormattableString)$"good, {result.Entries} entries, {result.Checkpoints} checkpoints up to {result.CheckpointSequence}";
        return string.Create(CultureInfo.InvariantCulture, $"tenant {result.TenantId}: ")
            + text.ToString(CultureInfo.InvariantCulture) + waiting + keys;
    }
}
