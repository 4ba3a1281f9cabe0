using System.Globalization;
using Iskra.Platform.Hosting;
using Spectre.Console;

namespace Iskra.Modules.Cards.Import;

/// <summary>The progress bar while an import runs, and its summary.</summary>
internal static class ImportDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(ImportJob job, ImportFile file, TextWriter output, CancellationToken cancellationToken)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        ImportSummary summary = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? await console.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(progress => FollowAsync(progress, job, file, cancellationToken))
            : await job.RunAsync(file, cancellationToken);
        await WriteAsync(output, summary, job.RejectsPath);
        return (int)(summary.BrokenOff is null ? ExitCode.Ok : ExitCode.Failure);
    }

    internal static async Task WriteAsync(TextWriter output, ImportSummary summary, string rejectsPath)
    {
        long inThisRun = summary.Rows - summary.Skipped;
        double rate = summary.Elapsed > TimeSpan.Zero ? inThisRun / summary.Elapsed.TotalSeconds : 0;
        (string Label, long Value, string Remark)[] lines =
        [
            ("Rows", summary.Rows, summary.Skipped > 0 ? $"{Number(summary.Skipped)} of them done by an earlier run" : ""),
            ("Posted", summary.Posted, ""),
            ("Existing", summary.Existing, ""),
            ("Rejected", summary.Rejected, summary.Rejected > 0 ? $"see {rejectsPath}" : ""),
            ("Accounts", summary.Accounts, "opened"),
            ("Funding", summary.Funded, "transfers from the settlement account"),
        ];
        foreach ((string label, long value, string remark) in lines)
        {
            await output.WriteLineAsync($"{label,-9}{Number(value),14}  {remark}".TrimEnd());
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{"Time",-9}{summary.Elapsed.TotalSeconds,14:0.0}  s, {rate:#,0} rows/s"));
        if (summary.BrokenOff is not null)
        {
            await output.WriteLineAsync(summary.BrokenOff);
        }
    }

    private static async Task<ImportSummary> FollowAsync(
        ProgressContext progress, ImportJob job, ImportFile file, CancellationToken cancellationToken)
    {
        ProgressTask task = progress.AddTask("Importing", maxValue: file.Length);
        Task<ImportSummary> running = Task.Run(() => job.RunAsync(file, cancellationToken), cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(Refresh, cancellationToken)) != running && !running.IsCompleted)
        {
            // While the fingerprint is made the position runs to the end once: nothing is shown until rows are done.
            if (job.RowsDone > 0)
            {
                task.Value = file.Position;
                task.Description = $"{Number(job.RowsDone)} rows";
            }
        }

        return await running;
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
