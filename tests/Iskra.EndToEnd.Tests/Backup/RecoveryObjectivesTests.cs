using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Crash;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Backup;

/// <summary>
/// A million transfers, backups by the schedule, the machine lost in the middle of the load. What is compared is counted, not timed: the
/// restored journal must hold everything that was acknowledged before the moment that the newest backup shows, and be exactly as long as
/// its manifest says. The times are printed, for docs/backup.md.
/// </summary>
public sealed class RecoveryObjectivesTests
{
    private const int TransfersMin = 1_000_000;
    private const int BatchSize = 5_000;
    private const int Clients = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loss_OfAMillionTransfers_CostsAtMostWhatCameAfterTheLastBackup()
    {
        using TestFolder folder = new();
        string key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        Dictionary<string, string?> environment = new()
        {
            ["ISKRA_BACKUP_KEY"] = key,
            ["ISKRA_KEY_FOLDER"] = folder["keys"],
            ["ISKRA__Backup__Folder"] = folder["backups"],
            ["ISKRA__Backup__Schedule"] = "00:00:05",
        };
        List<(DateTimeOffset At, int Count)> acknowledged;
        string[] lines;
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], environment))
        {
            acknowledged = await LoadAsync(iskra);
            await iskra.KillAsync();
            lines = [.. iskra.Error.Split('\n').Where(line => line.Contains("\"eventId\":1900", StringComparison.Ordinal))];
        }

        DateTimeOffset lostAt = acknowledged[^1].At;
        Directory.Delete(folder["data"], recursive: true);

        long start = Stopwatch.GetTimestamp();
        IskraResult restored = await IskraProcess.RunAsync(
            environment, "backup", "restore", folder["backups"], "--data", folder["restored"]);
        Assert.True(restored.ExitCode == 0, restored.Error);
        TimeSpan restoring = Stopwatch.GetElapsedTime(start);
        long sequence;
        TimeSpan recovery;
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["restored"], environment))
        {
            Answer page = await iskra.Client.GetAnswerAsync(ApiCalls.Transfers + "?limit=1");
            sequence = page.Body.GetProperty("items")[0].GetProperty("sequence").GetInt64();
            recovery = Stopwatch.GetElapsedTime(start);
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        DateTimeOffset shows = DateTimeOffset.ParseExact(
            Field(restored.Output, "Shows"), "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        long head = long.Parse(
            Field(restored.Output, "Heads").Split("cards.journal ")[1].Split(", ")[0].Replace(",", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture);
        long before = acknowledged.Where(batch => batch.At <= shows).Sum(batch => (long)batch.Count);
        long total = acknowledged.Sum(batch => (long)batch.Count);
        TestSeed.Say($"{total} transfers acknowledged, {lines.Length} backups by the schedule of 5 s");
        TestSeed.Say($"lost: {total - sequence} transfers, the last {(lostAt - shows).TotalSeconds:0.0} s");
        TestSeed.Say($"recovery: restore {restoring.TotalSeconds:0.0} s, until the first answer {recovery.TotalSeconds:0.0} s");
        foreach (string line in lines)
        {
            TestSeed.Say($"{JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()}");
        }

        Assert.True(total >= TransfersMin, "Too few transfers to mean anything.");
        Assert.True(lines.Length >= 2, "Too few backups to mean anything.");
        Assert.Equal(head, sequence);
        Assert.True(sequence >= before, $"{before} were acknowledged before the backup's moment, {sequence} came back.");
        IskraResult verified = await IskraProcess.RunAsync(environment, "cards", "verify", "--data", folder["restored"]);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    /// <summary>Posts until there are enough; when each batch was answered.</summary>
    private static async Task<List<(DateTimeOffset At, int Count)>> LoadAsync(IskraProcess iskra)
    {
        Guid debit = await iskra.OpenAccountAsync("asset", "From");
        Guid credit = await iskra.OpenAccountAsync("liability", "To");
        List<(DateTimeOffset At, int Count)> acknowledged = [];
        int sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RunAsync()));
        return [.. acknowledged.OrderBy(batch => batch.At)];

        async Task RunAsync()
        {
            while (Interlocked.Add(ref sent, BatchSize) <= TransfersMin + (BatchSize * Clients))
            {
                Answer answer = await iskra.Client.PostBytesAsync(ApiCalls.Batch, Batch(debit, credit));
                Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
                lock (acknowledged)
                {
                    acknowledged.Add((TimeProvider.System.GetUtcNow(), BatchSize));
                }
            }
        }
    }

    private static byte[] Batch(Guid debit, Guid credit)
    {
        SentTransfer[] transfers =
        [
            .. Enumerable.Range(0, BatchSize).Select(_ => new SentTransfer
            {
                Id = Guid.CreateVersion7(),
                DebitAccountId = debit,
                CreditAccountId = credit,
                AmountMinor = 1,
            }),
        ];
        return JsonSerializer.SerializeToUtf8Bytes(new { transfers }, JsonSerializerOptions.Web);
    }

    private static string Field(string output, string name) =>
        output.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
