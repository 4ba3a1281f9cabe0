using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Iskra.Platform.Data.Postgres;

namespace Iskra.Platform.Backup.Stores;

/// <summary>
/// pg_dump and pg_restore: a dump needs a program that is not older than the server; one of the same major version is best, because a
/// newer one writes what an older server can't read. What they must know to connect goes through their environment, which only this user
/// can see; arguments everyone can.
/// </summary>
internal static partial class PostgresPrograms
{
    private const string Packages = "/usr/lib/postgresql";
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The program to use with a server of this major version.</summary>
    /// <exception cref="BackupException">None is found that is new enough.</exception>
    public static async Task<string> FindAsync(string program, int serverMajor, string? folder, CancellationToken cancellationToken)
    {
        List<(string Path, int Major)> found = [];
        foreach (string candidate in Candidates(program, folder))
        {
            int major = await MajorVersionAsync(candidate, cancellationToken);
            if (major == serverMajor)
            {
                return candidate;
            }

            if (major > 0)
            {
                found.Add((candidate, major));
            }
        }

        (string Path, int Major)[] newer = [.. found.Where(item => item.Major > serverMajor).OrderBy(item => item.Major)];
        if (newer.Length > 0)
        {
            return newer[0].Path;
        }

        string problem = found.Count == 0
            ? $"{program} is not installed"
            : string.Create(CultureInfo.InvariantCulture, $"{program} {found.Max(item => item.Major)} is older than the server");
        throw new BackupException(
            BackupFault.ProgramMissing,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{problem}: install postgresql-client-{serverMajor} (sudo apt-get install postgresql-client), or set ")
            + $"{BackupOptions.Section}:{nameof(BackupOptions.PostgresPrograms)} to the folder that holds it");
    }

    /// <summary>Ready to start, connected to <paramref name="address"/>; both streams are pipes, input too.</summary>
    public static ProcessStartInfo Describe(string program, PostgresAddress address, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string name in start.Environment.Keys
            .Where(name => name.StartsWith("ISKRA_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("PG", StringComparison.Ordinal))
            .ToArray())
        {
            start.Environment.Remove(name);
        }

        (string Name, string? Value)[] settings =
        [
            ("PGHOST", address.Builder.Host),
            ("PGPORT", address.Builder.Port.ToString(CultureInfo.InvariantCulture)),
            ("PGUSER", address.Builder.Username),
            ("PGPASSWORD", address.Builder.Password),
            ("PGDATABASE", address.DatabaseName),
            ("PGSSLMODE", SslMode(address)),
            ("PGSSLROOTCERT", address.Builder.RootCertificate),
            ("PGSSLCERT", address.Builder.SslCertificate),
            ("PGSSLKEY", address.Builder.SslKey),
            ("PGOPTIONS", address.Builder.Options),
            ("PGCONNECT_TIMEOUT", "15"),
            ("PGAPPNAME", "iskra backup"),
            ("PGCLIENTENCODING", "UTF8"),
            ("LC_ALL", "C.UTF-8"),
        ];
        foreach ((string name, string? value) in settings)
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static string SslMode(PostgresAddress address) => address.Builder.SslMode switch
    {
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        Npgsql.SslMode mode => mode.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> Candidates(string program, string? folder)
    {
        string file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        if (!string.IsNullOrWhiteSpace(folder))
        {
            return [Path.Combine(folder, file)];
        }

        IEnumerable<string> packaged = Directory.Exists(Packages)
            ? Directory.GetDirectories(Packages).Select(version => Path.Combine(version, "bin", file)).Where(File.Exists)
            : [];
        return packaged.OrderDescending(StringComparer.Ordinal).Append(file);
    }

    /// <summary>0 when there is no such program.</summary>
    private static async Task<int> MajorVersionAsync(string program, CancellationToken cancellationToken)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false },
        };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            return 0;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeTimeout);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Match match = VersionPattern().Match(output);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\(PostgreSQL\) ([0-9]{1,3})")]
    private static partial Regex VersionPattern();
}
