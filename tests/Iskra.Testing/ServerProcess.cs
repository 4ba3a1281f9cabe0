using System.Collections.Concurrent;
using System.Diagnostics;

namespace Iskra.Testing;

/// <summary>A server in the foreground, as a child of the test process. The last lines of its output are kept for failures.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServerProcess(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public string Output => string.Join('\n', _output);

    /// <summary>Whether this process may act as any user. Some servers refuse to run as root and need another one.</summary>
    internal static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    /// <summary>Starts the program and waits until it answers.</summary>
    /// <param name="start">The program, which must stay in the foreground.</param>
    /// <param name="isReadyAsync">Asks it once. A socket or stream error counts as "not yet".</param>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not answer in time; the message has its output.</exception>
    public static async Task<ServerProcess> StartAsync(
        ProcessStartInfo start, Func<CancellationToken, Task<bool>> isReadyAsync, TimeSpan limit)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        ServerProcess server = new(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync(isReadyAsync, limit);
            return server;
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"{start.FileName} did not start: {e.Message}\n{server.Output}", e);
        }
    }

    /// <summary>kill -9, with its children.</summary>
    public async Task KillAsync()
    {
        Stop();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>kill -9 without waiting, for the end of the test process.</summary>
    internal void Stop()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>
    /// A command line that runs the program as <paramref name="user"/> when this process is root. <c>setpriv</c> replaces itself by the
    /// program, so the process id is the server's own (<c>runuser</c> and <c>su</c> stay in between as parents).
    /// </summary>
    internal static ProcessStartInfo As(string user, string program, params IEnumerable<string> arguments)
    {
        // The working directory must be one that the other user may enter.
        string[] command = IsRoot
            ? ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", program, .. arguments]
            : [program, .. arguments];
        return new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/" };
    }

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    internal static async Task GiveAsync(string folder, string user)
    {
        if (IsRoot)
        {
            using Process chown = Process.Start("chown", ["-R", user + ":", folder]);
            await chown.WaitForExitAsync();
        }
    }

    private async Task WaitUntilReadyAsync(Func<CancellationToken, Task<bool>> isReadyAsync, TimeSpan limit)
    {
        using CancellationTokenSource patience = new(limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!await AsksAsync(isReadyAsync, patience.Token))
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(patience.Token);
                throw new InvalidOperationException($"it ended with {_process.ExitCode}");
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<bool> AsksAsync(Func<CancellationToken, Task<bool>> isReadyAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await isReadyAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (_output.Count > OutputLinesMax)
        {
            _output.TryDequeue(out _);
        }
    }
}
