using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Iskra.Testing;

/// <summary>
/// A PostgreSQL server for tests: the one that <c>ISKRA_TEST_POSTGRES</c> names (a connection string of a superuser), or a throwaway
/// cluster on a free loopback port, started once per test process and stopped with it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Variable = "ISKRA_TEST_POSTGRES";
    private const string Superuser = "iskra";

    // PostgreSQL refuses to run as root, so there it runs as the user that its package made.
    private const string SystemUser = "postgres";
    private const int StartAttempts = 3;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PostgresServer? _shared;
    private static PostgresServer? _quiet;

    private readonly string? _programs;
    private readonly string? _folder;
    private int _isStopped;

    private PostgresServer(string connectionString, string? programs, string? folder)
    {
        ConnectionString = connectionString;
        _programs = programs;
        _folder = folder;
    }

    /// <summary>Whether <see cref="SharedAsync"/> can work on this machine.</summary>
    public static bool IsAvailable => External is not null || FindPrograms() is not null;

    /// <summary>The superuser's connection string.</summary>
    public string ConnectionString { get; }

    private static string? External =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connectionString ? connectionString : null;

    /// <summary>The server that all tests of this process share. Call <see cref="Requirement.Postgres"/> first.</summary>
    public static async Task<PostgresServer> SharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return _shared ??= External is { } external ? new PostgresServer(external, null, null) : await StartForProcessAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>
    /// A second server, for tests that see transactions of other databases of their server and so need one that others leave alone. The
    /// tests that use it belong in one xunit collection. Without installed programs it is the shared one.
    /// </summary>
    public static async Task<PostgresServer> QuietAsync()
    {
        if (FindPrograms() is null)
        {
            return await SharedAsync();
        }

        await Gate.WaitAsync();
        try
        {
            return _quiet ??= await StartForProcessAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>The folder of initdb, pgbench and the rest, of a cluster that this object started.</summary>
    public string ProgramsFolder => _programs ?? throw new InvalidOperationException("The server is an external one.");

    /// <summary>Starts a cluster of its own, for tests that stop or break the server.</summary>
    /// <param name="isDurable">Leaves the server's own settings for durability: for benchmarks, and tests of power cuts.</param>
    public static async Task<PostgresServer> StartAsync(bool isDurable = false)
    {
        string programs = FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        string folder = Directory.CreateTempSubdirectory("iskra-postgres-").FullName;
        await ServerProcess.GiveAsync(folder, SystemUser);

        string data = Path.Combine(folder, "data");
        await RunAsync(
            Path.Combine(programs, "initdb"),
            "-D", data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        for (int attempt = 1; ; attempt++)
        {
            int port = LoopbackPort.Free();
            string options = string.Create(
                CultureInfo.InvariantCulture,
                $"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=200");
            options += isDurable ? string.Empty : " -c fsync=off -c full_page_writes=off -c autovacuum=off";
            try
            {
                await RunAsync(
                    Path.Combine(programs, "pg_ctl"), "-D", data, "-l", Path.Combine(folder, "log"), "-w", "-o", options, "start");
                string connectionString = new NpgsqlConnectionStringBuilder
                {
                    Host = "127.0.0.1",
                    Port = port,
                    Username = Superuser,
                    Database = "postgres",
                }.ConnectionString;
                return new PostgresServer(connectionString, programs, folder);
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another process may have taken the port in between.
            }
        }
    }

    /// <summary>A fresh, empty database.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        string name = $"iskra_test_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0");
        return new PostgresDatabase(this, name);
    }

    /// <summary>Stops a cluster that this object started, at once. Does nothing for an external server.</summary>
    public void Stop()
    {
        if (_folder is null || Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        ProcessStartInfo command = ServerProcess.As(
            SystemUser, Path.Combine(_programs!, "pg_ctl"), "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "-s", "stop");
        using Process process = Process.Start(command)!;
        process.WaitForExit(TimeSpan.FromSeconds(20));
        TestFolder.Remove(_folder);
    }

    /// <summary>Breaks every connection and starts the cluster anew, as after a crash of the server.</summary>
    public Task RestartAsync() =>
        RunAsync(
            Path.Combine(ProgramsFolder, "pg_ctl"),
            "-D", Path.Combine(_folder!, "data"), "-l", Path.Combine(_folder!, "log"), "-m", "immediate", "-w", "restart");

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresServer> StartForProcessAsync()
    {
        PostgresServer server = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
        return server;
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(MajorVersion)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return packaged.Concat(path).FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int MajorVersion(string folder) =>
        int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int version) ? version : 0;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server that pg_ctl leaves behind writes to its log, so the pipes close with pg_ctl itself.
        ProcessStartInfo command = ServerProcess.As(SystemUser, program, arguments);
        command.Environment["LC_ALL"] = "C.UTF-8";
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        using Process process = Process.Start(command)!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(90));
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        string text = $"{await output} {await errors}";
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {text}");
        }
    }
}
