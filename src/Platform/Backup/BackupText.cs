using System.Globalization;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;

namespace Iskra.Platform.Backup;

/// <summary>What the commands print.</summary>
internal static class BackupText
{
    public static async Task WriteAsync(TextWriter output, BackupResult result)
    {
        await output.WriteLineAsync(result.Item.Path);
        await WriteAsync(output, result.Item.BaseId, result.Manifest);
        await output.WriteLineAsync(Text(
            $"Size      {DiskSpace.Size(result.Item.Bytes)} for {DiskSpace.Size(result.ContentBytes)}"));
        await output.WriteLineAsync(Text(
            $"Time      {result.Time.TotalSeconds:0.0} s, of which {result.CopyTime.TotalSeconds:0.0} s to copy the store"));
        if (result.Deleted > 0)
        {
            await output.WriteLineAsync(Text($"Deleted   {result.Deleted} older backups (Backup:Keep, Backup:KeepFor)"));
        }
    }

    public static Task WriteKeyHintAsync(TextWriter error, string path) => error.WriteLineAsync(
        $"iskra: A backup key was made in '{path}'. Keep a copy of it away from this machine: without it no backup can be restored.");

    public static async Task WriteAsync(TextWriter output, ArchiveChain chain)
    {
        await output.WriteLineAsync(chain.Path);
        ArchiveHeader header = chain.Newest.Header;
        await WriteAsync(output, header.Kind == BackupKind.Full ? null : header.BaseId, chain.Newest.Manifest);
    }

    public static async Task WriteAsync(TextWriter output, string folder, IReadOnlyList<BackupItem> items, DateTimeOffset now)
    {
        if (items.Count == 0)
        {
            await output.WriteLineAsync($"No backups in '{folder}'.");
            return;
        }

        await output.WriteLineAsync(folder);
        await output.WriteLineAsync(Text($"{"CREATED",-21}{"AGE",-9}{"KIND",-6}{"ENGINE",-10}{"SIZE",11}  FILE"));
        foreach (BackupItem item in items)
        {
            string kind = item.Kind == BackupKind.Full ? "full" : "diff";
            string engine = item.Engine == DatabaseEngine.Sqlite ? "sqlite" : "postgres";
            await output.WriteLineAsync(item.Fault is { } fault
                ? Text($"{"DAMAGED",-46}{DiskSpace.Size(item.Bytes),11}  {item.FileName}: {fault}")
                : Text($"{item.CreatedAt:yyyy-MM-dd HH:mm:ss'Z'} {Age(now - item.CreatedAt),-8} {kind,-6}{engine,-10}")
                    + Text($"{DiskSpace.Size(item.Bytes),11}  {item.FileName}"));
        }
    }

    /// <summary>False when something differs.</summary>
    public static async Task<bool> WriteAsync(TextWriter output, IReadOnlyList<(string Name, VerificationOutcome Outcome)> outcomes)
    {
        foreach ((string name, VerificationOutcome outcome) in outcomes)
        {
            await output.WriteLineAsync($"{(outcome.IsGood ? "good     " : "DIFFERENT")} {name}: {outcome.Summary}");
            foreach (string difference in outcome.Differences)
            {
                await output.WriteLineAsync("           " + difference);
            }
        }

        bool isGood = outcomes.All(outcome => outcome.Outcome.IsGood);
        await output.WriteLineAsync(
            isGood ? "The backup is good: it was restored and everything in it was verified." : "The backup is NOT good.");
        return isGood;
    }

    public static async Task WriteRestoredAsync(TextWriter output, ArchiveChain chain, string folder, TimeSpan time)
    {
        await WriteAsync(output, chain);
        await output.WriteLineAsync(Text(
            $"Restored into '{folder}' in {time.TotalSeconds:0.0} s. Start it: iskra serve --data {folder}"));
    }

    private static async Task WriteAsync(TextWriter output, Guid? baseId, ArchiveManifest manifest)
    {
        string shown = baseId is { } full
            ? $"differential, needs the full backup …-{full.ToString("N")[^8..]}{BackupCatalog.Extension}"
            : "full";
        await output.WriteLineAsync($"Kind      {shown}");
        await output.WriteLineAsync(Text($"Shows     {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss'Z'}"));
        await output.WriteLineAsync(
            $"Store     {manifest.EngineDescription}, Iskra {manifest.Product}, {manifest.Migrations.Count} migrations");
        await output.WriteLineAsync(Text($"Rows      {manifest.Tables.Values.Sum():#,0} in {manifest.Tables.Count} tables"));
        if (manifest.Heads.Count > 0)
        {
            IEnumerable<string> heads = manifest.Heads.Select(head => Text($"{head.Key} {head.Value:#,0}"));
            await output.WriteLineAsync("Heads     " + string.Join(", ", heads));
        }
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => Text($"{age.TotalDays:0} d"),
        { TotalHours: >= 2 } => Text($"{age.TotalHours:0} h"),
        { TotalMinutes: >= 2 } => Text($"{age.TotalMinutes:0} min"),
        _ => Text($"{Math.Max(0, age.TotalSeconds):0} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
