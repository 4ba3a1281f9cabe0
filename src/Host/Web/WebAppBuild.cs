using System.Globalization;
using Iskra.Host.Doctor;

namespace Iskra.Host.Web;

/// <summary><c>npm ci</c> and <c>npm run build</c>, within a time; a failure leaves the API working.</summary>
internal static class WebAppBuild
{
    private const int NodeMajorMin = 20;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Null when it succeeded.</summary>
    public static async Task<WebApp?> RunAsync(string sources, TimeSpan timeout, TextWriter progress, CancellationToken cancellationToken)
    {
        ProgramResult node = await ProgramRun.CaptureAsync("node", ["--version"], ProbeTimeout, cancellationToken);
        if (!node.Started || MajorOf(node.Output) < NodeMajorMin)
        {
            string found = node.Started ? $", {node.Output.Trim()} was found" : "";
            return WebApp.Missing($"Node {NodeMajorMin} is needed to build it{found}",
                $"Install Node {NodeMajorMin} or newer and start again");
        }

        await progress.WriteLineAsync("iskra: building the web app (first start only): npm ci, npm run build");
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        string[][] steps = [["ci", "--no-audit", "--no-fund"], ["run", "build"]];
        foreach (string[] step in steps)
        {
            string name = "npm " + string.Join(' ', step);
            await progress.WriteLineAsync($"iskra:   {name}");
            ProgramResult result = await ProgramRun.CaptureAsync(npm, step, timeout, limit.Token, sources);
            cancellationToken.ThrowIfCancellationRequested();
            if (!result.Started || result.ExitCode != 0)
            {
                string reason = result.TimedOut || limit.IsCancellationRequested
                    ? string.Create(CultureInfo.InvariantCulture, $"'{name}' took longer than {timeout.TotalSeconds:0} s")
                    : $"'{name}' failed: {LastLine(result.Output)}";
                return WebApp.Missing(reason, $"Run '{name}' in web/ and read its output");
            }
        }

        return null;
    }

    internal static int MajorOf(string version)
    {
        ReadOnlySpan<char> text = version.AsSpan().Trim().TrimStart('v');
        int dot = text.IndexOf('.');
        return int.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0;
    }

    private static string LastLine(string output)
    {
        string line = output.Split('\n').LastOrDefault(text => text.Trim().Length > 0)?.Trim() ?? "no output";
        return line.Length <= 200 ? line : line[..200];
    }
}
