namespace Iskra.Testing;

/// <summary>How a command ended.</summary>
public sealed record IskraResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines that the program itself says on the error stream; log entries are not among them.</summary>
    public IReadOnlyList<string> Faults => [.. Error.Split('\n').Where(line => line.StartsWith("iskra: ", StringComparison.Ordinal))];
}
