using System.CommandLine;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary><c>iskra backup create | list | verify | restore</c>: beside a running server or without one.</summary>
public static class BackupCommands
{
    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "Where backups are. Backup:Folder. Default: 'backups' in the data folder",
        HelpName = "DIR",
    };

    private static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "The file that holds the backup key, unless ISKRA_BACKUP_KEY does. Default: keys/backup.key in the data folder",
        HelpName = "FILE",
    };

    private static readonly Argument<string?> Archive = new("backup")
    {
        Description = "A backup, or a folder: then its newest one. Default: the backup folder",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The command and its four parts.</summary>
    public static Command Create(ICommandHost host) =>
        new Command("backup", "Back up, verify and restore: encrypted, consistent, while the server runs.")
        {
            CreateBackup(host), List(host), Verify(host), Restore(host),
        }
            .WithExamples("iskra backup create", "iskra backup list", "iskra backup verify --deep", "iskra backup restore FILE --data NEW");

    private static Command CreateBackup(ICommandHost host)
    {
        Option<bool> full = new("--full") { Description = "A full backup, even where a differential one would do." };
        Command command = new Command("create", "Make a backup now; a running server goes on.") { full, Folder, KeyFile }
            .WithExamples(
                "iskra backup create",
                "iskra backup create --data /var/lib/iskra --folder /mnt/backups",
                "ISKRA_DATABASE=postgres://user@host/iskra iskra backup create");
        Run(host, command, async (parse, services, progress, token) =>
        {
            BackupResult result = await services.GetRequiredService<BackupCreator>().CreateAsync(parse.GetValue(full), progress, token);
            progress.Clear();
            await BackupText.WriteAsync(parse.InvocationConfiguration.Output, result);
            if (result.IsKeyNew)
            {
                await BackupText.WriteKeyHintAsync(
                    parse.InvocationConfiguration.Error, services.GetRequiredService<BackupKeys>().FilePath);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command List(ICommandHost host)
    {
        Command command = new Command("list", "List the backups, newest first; needs no key.") { Folder }
            .WithExamples("iskra backup list", "iskra backup list --folder /mnt/backups");
        Run(host, command, async (parse, services, _, _) =>
        {
            BackupCreator creator = services.GetRequiredService<BackupCreator>();
            await BackupText.WriteAsync(
                parse.InvocationConfiguration.Output,
                creator.Folder,
                BackupCatalog.List(creator.Folder),
                services.GetRequiredService<TimeProvider>().GetUtcNow());
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Verify(ICommandHost host)
    {
        Option<bool> deep = new("--deep")
        {
            Description = "Also restore it aside and run every module's own verification; PostgreSQL needs the right to create a database.",
        };
        Option<string?> work = new("--work")
        {
            Description = "Where --deep restores to, on a disk with room for the whole store. Default: the system's temporary folder",
            HelpName = "DIR",
        };
        Command command = new Command(
            "verify", "Read a backup to its last byte: key, seals, checksums, completeness.") { Archive, deep, work, Folder, KeyFile }
            .WithExamples("iskra backup verify", "iskra backup verify /mnt/backups/FILE.iskbak", "iskra backup verify --deep");
        Run(host, command, async (parse, services, progress, token) =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            using ArchiveChain chain = Open(parse, services);
            await BackupText.WriteAsync(output, chain);
            if (!parse.GetValue(deep))
            {
                await Task.Run(() => BackupVerifier.Check(chain, progress, token), token);
                progress.Clear();
                await output.WriteLineAsync("The backup is good: every byte was read and is what was written.".AsMemory(), token);
                return ExitCode.Ok;
            }

            IReadOnlyList<(string Name, VerificationOutcome Outcome)> outcomes = await services.GetRequiredService<BackupVerifier>()
                .CheckDeepAsync(chain, parse.GetValue(work) ?? Path.GetTempPath(), progress, token);
            progress.Clear();
            return await BackupText.WriteAsync(output, outcomes) ? ExitCode.Ok : ExitCode.VerificationFailed;
        });
        return command;
    }

    private static Command Restore(ICommandHost host)
    {
        Argument<string> archive = new("backup") { Description = "A backup, or a folder: then its newest one." };
        Command command = new Command(
            "restore", "Restore a backup into an empty data folder (--data) and, for PostgreSQL, an empty database (ISKRA_DATABASE).")
            { archive, KeyFile }
            .WithExamples(
                "iskra backup restore /mnt/backups --data /var/lib/iskra-new --key-file FILE",
                "ISKRA_BACKUP_KEY=… iskra backup restore FILE.iskbak --data ./restored",
                "ISKRA_DATABASE=postgres://user@host/empty iskra backup restore FILE.iskbak --data ./restored");
        Run(host, command, async (parse, services, progress, token) =>
        {
            DataOptions data = services.GetRequiredService<IOptions<DataOptions>>().Value;
            using ArchiveChain chain = ArchiveChain.Open(
                BackupCatalog.Resolve(parse.GetRequiredValue(archive)), services.GetRequiredService<BackupKeys>().Load());
            TimeProvider time = services.GetRequiredService<TimeProvider>();
            long start = time.GetTimestamp();
            await BackupRestorer.RestoreAsync(
                chain, data, services.GetRequiredService<IOptions<BackupOptions>>().Value.PostgresPrograms, progress, token);
            progress.Clear();
            await BackupText.WriteRestoredAsync(parse.InvocationConfiguration.Output, chain, data.Folder, time.GetElapsedTime(start));
            return ExitCode.Ok;
        });
        return command;
    }

    private static ArchiveChain Open(ParseResult parse, IServiceProvider services) => ArchiveChain.Open(
        BackupCatalog.Resolve(parse.GetValue(Archive) ?? services.GetRequiredService<BackupCreator>().Folder),
        services.GetRequiredService<BackupKeys>().Load());

    private static void Run(
        ICommandHost host, Command command, Func<ParseResult, IServiceProvider, ProgressDisplay, CancellationToken, Task<ExitCode>> body) =>
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.None,
            async (services, token) =>
            {
                BackupOptions options = services.GetRequiredService<IOptions<BackupOptions>>().Value;
                options.Folder = Value(parse, Folder) ?? options.Folder;
                if (Value(parse, KeyFile) is { } keyFile)
                {
                    options.KeyFile = keyFile;
                    options.Key = null;
                }

                ProgressDisplay progress = new(
                    parse.InvocationConfiguration.Error, services.GetRequiredService<TimeProvider>(), !Console.IsErrorRedirected);
                try
                {
                    return (int)await body(parse, services, progress, token);
                }
                catch (BackupException e)
                {
                    progress.Clear();
                    throw new StartupException(e.ExitCode, char.ToUpperInvariant(e.Message[0]) + e.Message[1..] + ".", e);
                }
            },
            cancellation));

    private static string? Value(ParseResult parse, Option<string?> option) =>
        parse.CommandResult.Command.Options.Contains(option) ? parse.GetValue(option) : null;
}
