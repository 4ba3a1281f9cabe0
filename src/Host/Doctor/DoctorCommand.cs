using System.CommandLine;
using System.Text;
using System.Text.Json;
using Iskra.Platform.Hosting;

namespace Iskra.Host.Doctor;

/// <summary><c>iskra doctor</c>: which optional programs and servers are here, and how to get those that aren't.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions JsonOptions = new(StrictJson.Options) { WriteIndented = true };

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Option<string?> require = new("--require")
        {
            Description = $"Names, separated by commas: exit with {(int)ExitCode.DependencyMissing} when one is missing.",
            HelpName = "a,b",
        };
        const string Description = "Show which optional programs and servers are found, and how to install the others.";
        Command command = new Command("doctor", Description) { json, require }
            .WithExamples("iskra doctor", "iskra doctor --require node,psql", "iskra doctor --json");
        command.SetAction((parse, cancellation) =>
            RunAsync(parse.InvocationConfiguration.Output, parse.GetValue(json), parse.GetValue(require), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(TextWriter output, bool json, string? require, CancellationToken cancellationToken)
    {
        string[] required = (require ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (required.FirstOrDefault(name => Dependency.All.All(dependency => dependency.Name != name)) is { } unknown)
        {
            string known = string.Join(", ", Dependency.All.Select(dependency => dependency.Name));
            throw new StartupException(ExitCode.Usage, $"--require: '{unknown}' isn't known; there are {known}.");
        }

        Finding[] findings = await Task.WhenAll(Dependency.All.Select(dependency => dependency.FindAsync(cancellationToken)));
        await output.WriteAsync(json ? JsonSerializer.Serialize(findings, JsonOptions) + Environment.NewLine : Format(findings));
        Finding[] missing = [.. findings.Where(finding => !finding.Found && required.Contains(finding.Name))];
        return missing.Length == 0
            ? (int)ExitCode.Ok
            : throw new StartupException(
                ExitCode.DependencyMissing,
                "Missing: " + string.Join("; ", missing.Select(finding => $"{finding.Name} ({finding.Install})")) + ".");
    }

    private static string Format(IEnumerable<Finding> findings)
    {
        StringBuilder text = new();
        foreach (Finding finding in findings)
        {
            text.Append(finding.Found ? "  found    " : "  missing  ").Append(finding.Name.PadRight(16)).AppendLine(finding.Version ?? "");
            text.Append(' ', 27).Append(finding.Purpose).AppendLine(finding.Found ? "" : $"; install: {finding.Install}");
        }

        return text.AppendLine("  All of these are optional: the server needs none of them.").ToString();
    }
}
