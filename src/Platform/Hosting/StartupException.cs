namespace Iskra.Platform.Hosting;

/// <summary>A cause that stops the program with one clear line and a distinct exit code, never with a stack trace.</summary>
public sealed class StartupException : Exception
{
    public StartupException(ExitCode exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>The code that the process ends with.</summary>
    public ExitCode ExitCode { get; }
}
