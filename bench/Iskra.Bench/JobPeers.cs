using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace Iskra.Bench;

/// <summary>Runs the other job queues' scripts on servers as durable as ours.</summary>
internal sealed class JobPeers(string scripts, int jobs, int seconds, int samples)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The folder of the scripts, in the repository that this program was built in.</summary>
    public static string FindScripts()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "bench", "peers", "jobs");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        throw new InvalidOperationException("bench/peers/jobs is not above this program: run it from the repository.");
    }

    public async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(scripts, "node_modules")))
        {
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        }
    }

    public async Task<IReadOnlyList<JobFigure>> GraphileAsync(string connectionString)
    {
        NpgsqlConnectionStringBuilder address = new(connectionString);
        string url = string.Create(
            CultureInfo.InvariantCulture, $"postgres://{address.Username}@{address.Host}:{address.Port}/{address.Database}");
        return Parse(await RunAsync("node", ["graphile.mjs", "--postgres", url, .. NodeArguments()]));
    }

    public async Task<IReadOnlyList<JobFigure>> BullAsync() => await OnRedisAsync(
        port => RunAsync("node", ["bullmq.mjs", "--redis", Text(port), .. NodeArguments()]));

    public async Task<IReadOnlyList<JobFigure>> CeleryAsync() => await OnRedisAsync(
        port => RunAsync(
            "/usr/bin/python3",
            ["celery_bench.py"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ISKRA_BENCH_REDIS_PORT"] = Text(port),
                ["ISKRA_BENCH_SECONDS"] = Text(seconds),
                ["ISKRA_BENCH_JOBS"] = Text(Math.Max(1, jobs / 4)),
                ["ISKRA_BENCH_SAMPLES"] = Text(samples),
            }));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<JobFigure> Parse(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<JobFigure>(line, Json)!),
    ];

    private string[] NodeArguments() => ["--seconds", Text(seconds), "--jobs", Text(jobs), "--samples", Text(samples)];

    private static async Task<IReadOnlyList<JobFigure>> OnRedisAsync(Func<int, Task<string>> run)
    {
        int port = FreePort();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-bench-redis-");
        using Process redis = Process.Start(new ProcessStartInfo(
            "redis-server",
            [
                "--port", Text(port), "--bind", "127.0.0.1", "--dir", folder.FullName,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--logfile", Path.Combine(folder.FullName, "log"),
            ]))!;
        try
        {
            await WaitForAsync(port);
            return Parse(await run(port));
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException("redis-server did not start.");
    }

    private async Task<string> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = scripts,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using CancellationTokenSource limit = new(Limit);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{program} {arguments[0]} failed: {await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {arguments[0]} took longer than {Limit.TotalMinutes} minutes.");
        }
    }
}
