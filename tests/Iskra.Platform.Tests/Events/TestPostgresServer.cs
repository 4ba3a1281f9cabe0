using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace Iskra.Platform.Tests.Events;

/// <summary>A PostgreSQL server of this test run's own, started when the first test asks for it and stopped with the process.</summary>
internal static class TestPostgresServer
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static bool _asked;
    private static string? _server;
    private static int _databases;

    /// <summary>The connection string of a new, empty database. Skips the test where PostgreSQL isn't installed.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        string? server = await ServerAsync();
        bool required = Environment.GetEnvironmentVariable("ISKRA_REQUIRE_ALL") == "1";
        Assert.True(server is not null || !required, "PostgreSQL is not installed and ISKRA_REQUIRE_ALL=1 asks for it.");
        Assert.SkipWhen(server is null, "PostgreSQL is not installed (apt-get install postgresql).");
        string name = "events" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }

    private static async Task<string?> ServerAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _server = _asked ? _server : await StartAsync();
            _asked = true;
            return _server;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string?> StartAsync()
    {
        string? binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")).FirstOrDefault()
            : null;
        if (binaries is null)
        {
            return null;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-postgres-");
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "postgres", folder.FullName);
        }

        string data = Path.Combine(folder.FullName, "data");
        int port = FreePort();
        await RunAsServerUserAsync(Path.Combine(binaries, "initdb"), "-D", data, "-U", "iskra", "-A", "trust", "-E", "UTF8", "--no-sync");
        string settings = string.Create(
            CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off");
        string control = Path.Combine(binaries, "pg_ctl");
        await RunAsServerUserAsync(control, "-D", data, "-w", "-l", Path.Combine(folder.FullName, "log"), "-o", settings, "start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
#pragma warning disable VSTHRD002 // The process ends: nothing is left to wait on this thread.
            RunAsServerUserAsync(control, "-D", data, "-m", "immediate", "stop").GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            folder.Delete(recursive: true);
        };
        return string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=iskra;Database=postgres;Pooling=false");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // PostgreSQL refuses to run as root.
    private static Task RunAsServerUserAsync(string program, params string[] arguments) => Environment.UserName == "root"
        ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
        : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
    }
}
