using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace Iskra.Testing;

/// <summary>
/// The real program in a process of its own, on a free loopback port. Ends with <see cref="DisposeAsync"/> whatever happened. Its output
/// is kept whole, for assertions.
/// </summary>
public sealed partial class IskraProcess : IAsyncDisposable
{
    /// <summary>What <see cref="StartAsync"/> gives as <c>ISKRA_ADMIN_KEY</c> unless it is told otherwise.</summary>
    public const string AdminKey = "test-admin-key-0123456789abcdef";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private IskraProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = CreateClient(AdminKey);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Sends <see cref="AdminKey"/>; keeps no cookies and follows no redirects.</summary>
    public HttpClient Client { get; }

    public int ProcessId => _process.Id;

    public string Output => string.Join('\n', _output);

    public string Error => string.Join('\n', _error);

    /// <summary>Starts <c>iskra serve</c> on <paramref name="dataFolder"/> and waits until it is ready.</summary>
    public static Task<IskraProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> arguments)
    {
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        return StartAsync(dataFolder, environment, address, arguments);
    }

    /// <summary>Starts it at a given address: for one that was killed and that others look for there.</summary>
    public static async Task<IskraProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string?>? environment, Uri address, params IEnumerable<string> arguments)
    {
        IskraProcess iskra = Launch(["serve", "--data", dataFolder, "--urls", address.ToString().TrimEnd('/'), .. arguments],
            environment, address);
        try
        {
            await iskra.WaitUntilReadyAsync();
            return iskra;
        }
        catch
        {
            await iskra.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<IskraResult> RunAsync(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> arguments)
    {
        await using IskraProcess iskra = Launch(arguments, environment, new Uri("http://127.0.0.1"));
        int exitCode = await iskra.WaitForExitAsync();
        return new IskraResult(exitCode, iskra.Output, iskra.Error);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort() => LoopbackPort.Free();

    /// <summary>A client that sends <paramref name="key"/>, or none.</summary>
    public HttpClient CreateClient(string? key) => CreateClient(key, Address);

    /// <summary>A client that sends <paramref name="key"/>, or none, to something in front of the program.</summary>
    public HttpClient CreateClient(string? key, Uri address)
    {
        // The client owns its handler and is disposed by its user.
#pragma warning disable CA2000
        HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
#pragma warning restore CA2000
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>kill -9: no chance to finish anything.</summary>
    public Task<int> KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public Task<int> TerminateAsync() => SignalAsync(15);

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public Task<int> InterruptAsync() => SignalAsync(2);

    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource limit = new(StopTimeout);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private static IskraProcess Launch(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, Uri address)
    {
        ProcessStartInfo start = new("dotnet", [FindProgram(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("ISKRA_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["ISKRA_ADMIN_KEY"] = AdminKey;
        start.Environment["ISKRA__Web__Build"] = "false";
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        Process process = new() { StartInfo = start };
        IskraProcess iskra = new(process, address);
        process.OutputDataReceived += (_, line) => Keep(iskra._output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(iskra._error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return iskra;
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    /// <summary>The program as the same build configuration made it.</summary>
    private static string FindProgram()
    {
        string here = AppContext.BaseDirectory;
        string configuration = here.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        for (DirectoryInfo? folder = new(here); folder is not null; folder = folder.Parent)
        {
            string program = Path.Combine(folder.FullName, "src", "Host", "bin", configuration, "net10.0", "iskra.dll");
            if (File.Exists(program))
            {
                return program;
            }
        }

        throw new FileNotFoundException("Build src/Host first: iskra.dll was not found.");
    }

    private async Task WaitUntilReadyAsync()
    {
        using CancellationTokenSource limit = new(StartTimeout);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(limit.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"iskra ended with {_process.ExitCode} before it was ready:\n{Error}");
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<int> SignalAsync(int signal)
    {
        _ = SendSignal(_process.Id, signal);
        return WaitForExitAsync();
    }
}
