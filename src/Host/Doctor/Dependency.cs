using System.Text.RegularExpressions;

namespace Iskra.Host.Doctor;

/// <summary>An optional program or server: how to look for it and how to install it.</summary>
internal sealed partial record Dependency(string Name, string Purpose, string Install, params IReadOnlyList<string> Candidates)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Arguments that make the program print its version; most take <c>--version</c>.</summary>
    public IReadOnlyList<string> VersionArguments { get; init; } = ["--version"];

    public static IReadOnlyList<Dependency> All { get; } =
    [
        new("node", "builds the web app from the repository (20 or newer)", "sudo apt-get install nodejs", "node"),
        new("npm", "builds the web app from the repository", "sudo apt-get install npm", OperatingSystem.IsWindows() ? "npm.cmd" : "npm"),
        new("sqlite", "a newer embedded engine than the bundled one", "sudo apt-get install libsqlite3-0 sqlite3", "sqlite3"),
        new("psql", "looks into a PostgreSQL store by hand", "sudo apt-get install postgresql-client", "psql"),
        new("postgres", "a PostgreSQL server for ISKRA_DATABASE", "sudo apt-get install postgresql", PostgresPaths()),
        new("redis-server", "a shared cache when scaled out", "sudo apt-get install redis-server", "redis-server"),
        new("rabbitmq-server", "a shared event bus when scaled out", "sudo apt-get install rabbitmq-server", "rabbitmqctl",
            "/usr/sbin/rabbitmqctl")
        {
            VersionArguments = ["version"],
        },
        new("chromium", "browser tests", "sudo apt-get install chromium", "chromium", "chromium-browser", "google-chrome"),
        new("prometheus", "collects /metrics", "sudo apt-get install prometheus", "prometheus"),
    ];

    public async Task<Finding> FindAsync(CancellationToken cancellationToken)
    {
        foreach (string candidate in Candidates)
        {
            ProgramResult result = await ProgramRun.CaptureAsync(candidate, VersionArguments, Timeout, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.Started)
            {
                Match version = VersionPattern().Match(result.Output);
                return new Finding(Name, Found: true, version.Success ? version.Value : null, Purpose, Install);
            }
        }

        return new Finding(Name, Found: false, Version: null, Purpose, Install);
    }

    /// <summary>Debian keeps servers of several versions outside the path; the newest one counts.</summary>
    private static string[] PostgresPaths()
    {
        const string Root = "/usr/lib/postgresql";
        return Directory.Exists(Root)
            ? [.. Directory.GetDirectories(Root).OrderDescending(StringComparer.Ordinal)
                .Select(folder => Path.Combine(folder, "bin", "postgres")), "postgres"]
            : ["postgres"];
    }

    [GeneratedRegex("[0-9]+([.][0-9]+)+", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionPattern();
}
