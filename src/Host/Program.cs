using System.CommandLine;
using Iskra.Host;
using Iskra.Host.CommandLine;
using Iskra.Host.Doctor;
using Iskra.Host.Serving;
using Iskra.Platform.Audit;
using Iskra.Platform.Backup;
using Iskra.Platform.Events;
using Iskra.Platform.Jobs.Api;
using Iskra.Platform.Sagas;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;

CommandHost host = new(Modules.All);

RootCommand root = new("Iskra: AI agents under production load, in one executable.")
{
    CommonOptions.Data,
    CommonOptions.Config,
    CommonOptions.LogFormat,
    CommonOptions.Roles,
    CommonOptions.Urls,
    ServeCommand.Create(Modules.All),
    DemoCommand.Create(Modules.All),
    DoctorCommand.Create(),
    SecurityCommands.Create(host),
    UserCommands.Create(host),
    TenantCommands.Create(host),
    SigningCommands.Create(host),
    AuditCommands.Create(host),
    BackupCommands.Create(host),
    EventsCommands.Create(host),
    SagasCommands.Create(host),
    JobCommands.Create(host),
};

foreach (Command command in Modules.All.SelectMany(module => module.CreateCommands(host)))
{
    root.Subcommands.Add(command);
}

ServeCommand.MakeDefault(root, Modules.All);
return await CommandLineRunner.RunAsync(root, args);
