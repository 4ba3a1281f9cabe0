namespace Iskra.Architecture.Tests.Sources;

/// <summary>A place that breaks a rule, and how.</summary>
internal sealed record Violation(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}
