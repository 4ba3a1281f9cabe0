using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Iskra.Host.Doctor;

/// <summary>Runs another program within a time and keeps the last part of what it says.</summary>
internal static class ProgramRun
{
    private const int OutputMax = 16 * 1024;

    public static async Task<ProgramResult> CaptureAsync(
        string program, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellationToken, string? folder = null)
    {
        using Process process = new() { StartInfo = Describe(program, arguments, folder) };
        StringBuilder output = new();
        DataReceivedEventHandler onLine = (_, line) => Append(output, line.Data);
        process.OutputDataReceived += onLine;
        process.ErrorDataReceived += onLine;
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            return new ProgramResult(false, -1, "", false);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new ProgramResult(true, -1, Text(output), TimedOut: !cancellationToken.IsCancellationRequested);
        }

        return new ProgramResult(true, process.ExitCode, Text(output), false);
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, string? folder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder ?? "",
        };

        // What we were told in confidence is none of another program's business.
        foreach (string secret in start.Environment.Keys.Where(name => name.StartsWith("ISKRA_", StringComparison.OrdinalIgnoreCase))
            .ToArray())
        {
            start.Environment.Remove(secret);
        }

        return start;
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
            if (output.Length > OutputMax)
            {
                output.Remove(0, output.Length - OutputMax);
            }
        }
    }
}
