using System.Globalization;

namespace Iskra.Platform.Backup;

/// <summary>
/// Progress on the error stream, from the first second on: one line that is written over on a terminal, else a line now and then.
/// </summary>
internal sealed class ProgressDisplay : IProgress<BackupProgress>
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(10);

    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly bool _isTerminal;
    private long _start;
    private long _last;
    private string? _phase;
    private int _shown;

    public ProgressDisplay(TextWriter error, TimeProvider time, bool isTerminal)
    {
        _error = error;
        _time = time;
        _isTerminal = isTerminal;
    }

    public void Report(BackupProgress value)
    {
        long now = _time.GetTimestamp();
        if (_phase != value.Phase)
        {
            _phase = value.Phase;
            _start = now;
            _last = 0;
        }

        TimeSpan wait = _last == 0 ? First : _isTerminal ? OnTerminal : InFile;
        if (_time.GetElapsedTime(_last == 0 ? _start : _last, now) < wait)
        {
            return;
        }

        _last = now;
        string text = Text(value, _time.GetElapsedTime(_start, now));
        _error.Write(_isTerminal ? "\r" + text.PadRight(_shown) : text + Environment.NewLine);
        _shown = _isTerminal ? text.Length : 0;
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_shown > 0)
        {
            _error.Write("\r" + new string(' ', _shown) + "\r");
            _shown = 0;
        }
    }

    private static string Text(BackupProgress value, TimeSpan elapsed)
    {
        if (value.Done == 0)
        {
            return value.Phase;
        }

        string rate = $"{DiskSpace.Size((long)(value.Done / Math.Max(0.001, elapsed.TotalSeconds)))}/s";
        return value.Total > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Phase} {Math.Min(100, value.Done * 100.0 / value.Total):0} % of {DiskSpace.Size(value.Total)}, {rate}")
            : $"{value.Phase} {DiskSpace.Size(value.Done)}, {rate}";
    }
}
