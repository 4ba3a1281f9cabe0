using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Sagas;

/// <summary><c>iskra sagas list | retry</c>: for the person at the machine.</summary>
public static class SagasCommands
{
    private const int ListMax = 1_000;

    public static Command Create(ICommandHost host) =>
        new Command("sagas", "See sagas, and retry those whose compensation failed.") { List(host), Retry(host) }
            .WithExamples("iskra sagas list --status parked", "iskra sagas retry 01930000-0000-7000-8000-000000000000");

    private static Command List(ICommandHost host)
    {
        Option<SagaStatus?> status = new("--status") { Description = "Only those that stand there; all when left out." };
        Option<int> tenant = Tenant();
        Command command = new Command("list", "List the newest sagas: id, status, step, last error, name.") { status, tenant }
            .WithExamples("iskra sagas list --status parked");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                IReadOnlyList<SagaRow> rows = await services.GetRequiredService<SagaStore>().ListAsync(
                    new TenantId(parse.GetValue(tenant)), parse.GetValue(status), null, null, ListMax, token);
                foreach (SagaDocument saga in rows.Select(SagaDocument.Of))
                {
                    await parse.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{saga.Id}  {saga.Status,-12}  step {saga.Step}  {saga.ErrorStep} {saga.ErrorKind}  {saga.Name} v{saga.Version}"));
                }

                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command Retry(ICommandHost host)
    {
        Argument<Guid> id = new("id") { Description = "As 'iskra sagas list' shows it." };
        Option<int> tenant = Tenant();
        Command command = new Command("retry", "Send a parked saga back to its compensation.") { id, tenant }
            .WithExamples("iskra sagas retry 01930000-0000-7000-8000-000000000000");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                bool isRetried = await services.GetRequiredService<SagaStore>().RetryAsync(
                    new TenantId(parse.GetValue(tenant)),
                    parse.GetRequiredValue(id),
                    services.GetRequiredService<SagaSignal>().Started.Set,
                    token);
                if (!isRetried)
                {
                    throw new StartupException(ExitCode.Failure, "There is no parked saga with this id.");
                }

                await parse.InvocationConfiguration.Output.WriteLineAsync("goes on when a server runs".AsMemory(), token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Option<int> Tenant() => new("--tenant")
    {
        DefaultValueFactory = _ => TenantId.Default.Value,
        Description = "The tenant's number.",
    };
}
