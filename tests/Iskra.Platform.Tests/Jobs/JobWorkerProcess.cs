using System.Diagnostics;
using System.Globalization;

namespace Iskra.Platform.Tests.Jobs;

/// <summary>The program tests/Iskra.JobWorker in a process of its own, to be killed.</summary>
internal sealed class JobWorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private JobWorkerProcess(Process process) => _process = process;

    /// <summary>Starts it and waits until all its jobs run.</summary>
    public static async Task<JobWorkerProcess> StartAsync(string folder, string connection, int jobs)
    {
        ProcessStartInfo start = new(
            "dotnet", [FindProgram(), folder, connection, jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        JobWorkerProcess worker = new(Process.Start(start)!);
        string? line = await worker._process.StandardOutput.ReadLineAsync();
        return line == "running" ? worker : throw new InvalidOperationException($"The worker said '{line}'.");
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static string FindProgram()
    {
        string here = AppContext.BaseDirectory;
        string configuration = here.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        for (DirectoryInfo? folder = new(here); folder is not null; folder = folder.Parent)
        {
            string program = Path.Combine(
                folder.FullName, "tests", "Iskra.JobWorker", "bin", configuration, "net10.0", "Iskra.JobWorker.dll");
            if (File.Exists(program))
            {
                return program;
            }
        }

        throw new FileNotFoundException("Build tests/Iskra.JobWorker first.");
    }
}
