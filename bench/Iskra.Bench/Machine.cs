using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Iskra.Bench;

/// <summary>The state of the machine, without which a figure says little.</summary>
internal static class Machine
{
    /// <summary>The one-minute load average; "?" where the system has none.</summary>
    public static string Load() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    public static string Describe(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB, ")
        + string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, ")
        + string.Create(CultureInfo.InvariantCulture, $"fsync of 4 KiB {FsyncMicroseconds(folder):0} µs (median), load average {Load()}");

    /// <summary>The median time to make 4 KiB durable in the folder.</summary>
    public static double FsyncMicroseconds(string folder)
    {
        string path = Path.Combine(folder, "fsync-probe");
        byte[] block = new byte[4096];
        List<double> times = [];
        using (FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            for (int round = 0; round < 101; round++)
            {
                long from = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
            }
        }

        File.Delete(path);
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Resident memory of a process, in MiB.</summary>
    public static long ResidentMib(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 >> 20;
    }

    private static string Processor()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }
}
