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

    private readonly TestCertificate? _certificate;

    private IskraProcess(Process process, Uri address, TestCertificate? certificate)
    {
        _process = process;
        _certificate = certificate;
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
        string dataFolder, IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> arguments) =>
        StartAsync(dataFolder, Loopback("http"), certificate: null, environment, arguments);

    /// <summary>Starts it at a given address: for one that was killed and that others look for there.</summary>
    public static Task<IskraProcess> StartAsync(string dataFolder, IReadOnlyDictionary<string, string?>? environment, Uri address) =>
        StartAsync(dataFolder, address, certificate: null, environment, []);

    /// <summary>Starts it on https alone. <see cref="Client"/> trusts the certificate, which lies in a folder beside the data.</summary>
    public static Task<IskraProcess> StartSecureAsync(
        string dataFolder, TestCertificate certificate, IReadOnlyDictionary<string, string?>? environment = null)
    {
        (string path, string key) = certificate.Write(Directory.CreateDirectory(dataFolder + ".tls").FullName);
        Dictionary<string, string?> all = new(environment ?? new Dictionary<string, string?>())
        {
            ["ISKRA__Kestrel__Certificates__Default__Path"] = path,
            ["ISKRA__Kestrel__Certificates__Default__KeyPath"] = key,
        };
        return StartAsync(dataFolder, Loopback("https"), certificate, all, []);
    }

    /// <summary>Starts a command and leaves it running.</summary>
    public static IskraProcess StartCommand(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> arguments) =>
        Launch(arguments, environment, new Uri("http://127.0.0.1"), certificate: null);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<IskraResult> RunAsync(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> arguments)
    {
        await using IskraProcess iskra = StartCommand(environment, arguments);
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
        SocketsHttpHandler handler = new() { UseCookies = false, AllowAutoRedirect = false };
        if (_certificate is { } expected)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => expected.Is(shown);
        }

        HttpClient client = new(handler) { BaseAddress = address };
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

    public Task<int> WaitForExitAsync() => WaitForExitAsync(StopTimeout);

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using CancellationTokenSource patience = new(limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits for the end and says how much memory it held at most: resident bytes, seen ten times a second.</summary>
    public async Task<long> WaitForPeakMemoryAsync(TimeSpan limit)
    {
        using CancellationTokenSource patience = new(limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        long peak = 0;
        while (!_process.HasExited)
        {
            _process.Refresh();
            try
            {
                peak = Math.Max(peak, _process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended in between.
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }

        await _process.WaitForExitAsync(patience.Token);
        return peak;
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

    private static async Task<IskraProcess> StartAsync(
        string dataFolder,
        Uri address,
        TestCertificate? certificate,
        IReadOnlyDictionary<string, string?>? environment,
        IEnumerable<string> arguments)
    {
        IskraProcess iskra = Launch(["serve", "--data", dataFolder, "--urls", address.ToString().TrimEnd('/'), .. arguments],
            environment, address, certificate);
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

    private static Uri Loopback(string scheme) => new(string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{FreePort()}"));

    private static IskraProcess Launch(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, Uri address, TestCertificate? certificate)
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
        IskraProcess iskra = new(process, address, certificate);
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
