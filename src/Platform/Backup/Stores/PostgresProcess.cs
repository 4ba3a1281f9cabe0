using System.Diagnostics;
using System.Globalization;

namespace Iskra.Platform.Backup.Stores;

/// <summary>A program of PostgreSQL's under way. Disposing it ends it.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const int ErrorMax = 2_000;

    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _errors;

    public PostgresProcess(ProcessStartInfo start)
    {
        _name = Path.GetFileNameWithoutExtension(start.FileName);
        _process = Process.Start(start) ?? throw new BackupException(BackupFault.ProgramMissing, $"{_name} can't be started");
        _errors = ReadErrorsAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Waits for the end.</summary>
    /// <exception cref="BackupException">It failed; the message holds the last line that it said.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        string errors = await _errors;
        if (_process.ExitCode != 0)
        {
            throw new BackupException(
                BackupFault.Failed,
                string.Create(CultureInfo.InvariantCulture, $"{_name} ended with {_process.ExitCode}: {FirstError(errors)}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string FirstError(string errors)
    {
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = lines.FirstOrDefault(text => text.Contains("error", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault() ?? "";
        return line.Length == 0 ? "it said nothing" : line[..Math.Min(line.Length, 300)].TrimEnd('.');
    }

    private async Task<string> ReadErrorsAsync()
    {
        System.Text.StringBuilder kept = new();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (kept.Length < ErrorMax)
            {
                kept.Append(line).Append('\n');
            }
        }

        return kept.ToString();
    }
}
