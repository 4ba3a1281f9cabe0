using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Iskra.Bench;

/// <summary>The real <c>iskra</c> in a process of its own, on a free loopback port.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private HostProcess(Process process, int port, string key)
    {
        Process = process;
        Port = port;
        Key = key;
    }

    public Process Process { get; }

    public int Port { get; }

    public string Key { get; }

    public static async Task<HostProcess> StartAsync(string folder, string? postgres)
    {
        int port = FreePort();
        string key = $"isk_benchkey_{RandomNumberGenerator.GetHexString(43, lowercase: true)}";
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "iskra.dll"), "serve", "--data", folder, "--log-format", "text",
                "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ISKRA_ADMIN_KEY"] = key;
        start.Environment["ISKRA__Web__Build"] = "false";
        if (postgres is not null)
        {
            start.Environment["ISKRA_DATABASE"] = postgres;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text && !text.Contains("Z info ", StringComparison.Ordinal))
            {
                Console.Error.WriteLine("  host: " + text);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        HostProcess host = new(process, port, key);
        await host.WaitUntilReadyAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            // The host drains on SIGTERM, which .NET can't send by itself.
            using Process kill = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
            await Process.WaitForExitAsync(limit.Token);
        }

        Process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        using HttpClient client = new() { BaseAddress = new Uri(FormattableString.Invariant($"http://127.0.0.1:{Port}/")) };
        long from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < TimeSpan.FromSeconds(120) && !Process.HasExited)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("health/ready", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The host did not become ready.");
    }
}
