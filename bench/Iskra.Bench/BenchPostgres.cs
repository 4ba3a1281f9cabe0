using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Iskra.Testing;
using Npgsql;

namespace Iskra.Bench;

/// <summary>A throwaway PostgreSQL with the durability that it is installed with, and pgbench on it.</summary>
internal sealed partial class BenchPostgres : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly List<PostgresDatabase> _databases = [];

    private BenchPostgres(PostgresServer server) => _server = server;

    public static async Task<BenchPostgres> StartAsync() => new(await PostgresServer.StartAsync(isDurable: true));

    public async Task<string> NewDatabaseAsync()
    {
        PostgresDatabase database = await _server.CreateDatabaseAsync();
        _databases.Add(database);
        return database.ConnectionString;
    }

    public async Task<string> DescribeAsync()
    {
        await using NpgsqlConnection connection = new(_server.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(
            "select version() || '; fsync ' || current_setting('fsync') "
            + "|| ', synchronous_commit ' || current_setting('synchronous_commit') "
            + "|| ', full_page_writes ' || current_setting('full_page_writes') || ', shared_buffers ' || current_setting('shared_buffers')",
            connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>TPC-B transactions per second at a number of clients.</summary>
    public async Task InitializeTpcbAsync(string database, int scale) =>
        await RunAsync(database, "-i", "-q", "-s", scale.ToString(CultureInfo.InvariantCulture));

    public async Task<double> TpcbAsync(string database, int clients, int seconds)
    {
        string output = await RunAsync(
            database,
            "-M", "prepared",
            "-c", clients.ToString(CultureInfo.InvariantCulture),
            "-j", Math.Min(clients, Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture),
            "-T", seconds.ToString(CultureInfo.InvariantCulture));
        Match match = Tps().Match(output);
        return match.Success
            ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("pgbench did not name a rate: " + output);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresDatabase database in _databases)
        {
            await database.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Tps();

    private async Task<string> RunAsync(string database, params string[] arguments)
    {
        NpgsqlConnectionStringBuilder address = new(database);
        string program = Path.Combine(_server.ProgramsFolder, "pgbench");
        ProcessStartInfo start = new(
            program,
            [
                "-h", address.Host!, "-p", address.Port.ToString(CultureInfo.InvariantCulture), "-U", address.Username!,
                .. arguments, address.Database!,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException("pgbench failed: " + await errors);
    }
}
