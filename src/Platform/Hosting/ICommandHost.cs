using System.CommandLine;

namespace Iskra.Platform.Hosting;

/// <summary>Runs a command's body against the platform's services, with the data folder, engine and exit codes handled in one
/// place.</summary>
public interface ICommandHost
{
    /// <summary>
    /// Opens the store that the command line names (<c>--data</c>, <c>ISKRA_DATA</c>, <c>ISKRA_DATABASE</c>), migrates it unless
    /// <paramref name="access"/> is <see cref="StoreAccess.ReadOnly"/>, runs <paramref name="body"/> and disposes everything.
    /// A <see cref="StartupException"/> becomes one line on the error stream and its exit code.
    /// </summary>
    Task<int> RunAsync(ParseResult command, StoreAccess access, Func<IServiceProvider, CancellationToken, Task<int>> body,
        CancellationToken cancellationToken);
}

/// <summary>What a command does with the store.</summary>
public enum StoreAccess
{
    /// <summary>Reads only; works beside a running server.</summary>
    ReadOnly = 0,

    /// <summary>Owns the store; refused with <see cref="ExitCode.StoreInUse"/> while a server holds it.</summary>
    Exclusive = 1,

    /// <summary>Doesn't open it: there may be none yet, or the command reads the files itself.</summary>
    None = 2,
}
