using System.Globalization;
using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Backup;

/// <summary>The real program: backups beside live traffic, kill -9, restore elsewhere, start, verify.</summary>
public sealed class BackupTests
{
    private const string Backups = "/v1/system/backups";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_OnlineBackupAfterAKill_StartsAndVerifies()
    {
        using TestFolder folder = new();
        await RestoreAfterKillAsync(folder, source: null, target: null);
    }

    [Fact]
    public async Task Restore_OnlineBackupOfPostgresAfterAKill_StartsAndVerifies()
    {
        Requirement.Postgres();
        PostgresServer server = await PostgresServer.SharedAsync();
        await using PostgresDatabase source = await server.CreateDatabaseAsync();
        await using PostgresDatabase target = await server.CreateDatabaseAsync();
        using TestFolder folder = new();
        await RestoreAfterKillAsync(folder, source.ConnectionString, target.ConnectionString);

        // What was restored into is no longer empty.
        IskraResult again = await RunAsync(
            folder, target.ConnectionString,
            "backup", "restore", folder["backups"], "--data", folder["again"], "--key-file", folder["key"]);
        Assert.Equal(23, again.ExitCode);
        Assert.Contains("is not empty", Assert.Single(again.Faults), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["again"]));
    }

    [Fact]
    public async Task Restore_KilledInTheMiddle_IsNeverServed()
    {
        using TestFolder folder = new();
        string path = await MakeStoreAndBackupAsync(folder);
        Directory.CreateDirectory(folder["half"]);
        await File.WriteAllTextAsync(Path.Combine(folder["half"], "restore.incomplete"), "as a killed restore leaves it", Cancellation);

        foreach (string[] command in (string[][])[["serve", "--urls", "http://127.0.0.1:0"], ["cards", "verify"], ["backup", "create"]])
        {
            IskraResult result = await RunAsync(folder, null, [.. command, "--data", folder["half"]]);
            Assert.Equal(26, result.ExitCode);
            Assert.Contains("did not finish", Assert.Single(result.Faults), StringComparison.Ordinal);
        }

        string key = Path.Combine(folder["data"], "keys", "backup.key");
        IskraResult again = await RunAsync(folder, null, "backup", "restore", path, "--data", folder["half"], "--key-file", key);
        Assert.Equal(23, again.ExitCode);
    }

    [Fact]
    public async Task Commands_BadInput_EndWithTheirCodesAndOneLine()
    {
        using TestFolder folder = new();
        string path = await MakeStoreAndBackupAsync(folder);
        byte[] bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(folder["damaged.iskbak"], bytes, Cancellation);
        await File.WriteAllBytesAsync(folder["cut.iskbak"], bytes[..^100], Cancellation);
        bytes[9] = 9;
        await File.WriteAllBytesAsync(folder["newer.iskbak"], bytes, Cancellation);
        await File.WriteAllTextAsync(folder["text.iskbak"], "not a backup", Cancellation);
        await File.WriteAllTextAsync(folder["other.key"], Convert.ToBase64String(new byte[32]), Cancellation);
        string key = Path.Combine(folder["data"], "keys", "backup.key");
        (int Code, string[] Command)[] faults =
        [
            (20, ["verify", folder["damaged.iskbak"]]),
            (20, ["verify", folder["cut.iskbak"]]),
            (20, ["verify", folder["text.iskbak"]]),
            (22, ["verify", folder["newer.iskbak"]]),
            (21, ["verify", path, "--key-file", folder["other.key"]]),
            (21, ["verify", path, "--key-file", folder["none.key"]]),
            (1, ["verify", folder["nothing"]]),
            (20, ["restore", folder["damaged.iskbak"], "--data", folder["new"], "--key-file", key]),
            (22, ["restore", folder["newer.iskbak"], "--data", folder["new"], "--key-file", key]),
            (1, ["create", "--data", folder["nowhere"]]),
            (2, ["restore"]),
        ];
        foreach ((int code, string[] command) in faults)
        {
            IskraResult result = await RunAsync(folder, null, ["backup", .. command, .. Missing(command, "--data", folder["data"])]);
            string shown = $"{string.Join(' ', command)}: {result.ExitCode} {result.Error}";
            Assert.True(result.ExitCode == code, shown);
            Assert.True(result.Faults.Count == 1 && !result.Error.Contains("   at ", StringComparison.Ordinal), shown);
        }

        Assert.False(Directory.Exists(folder["new"]));
        Assert.False(Directory.Exists(folder["nowhere"]));
        IskraResult list = await RunAsync(folder, null, "backup", "list", "--folder", folder.FullPath);
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("DAMAGED", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_CreateAndList_NeedsAdminAndShowsTheBackup()
    {
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]);
        using HttpClient stranger = iskra.CreateClient(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAnswerAsync(Backups)).Status);

        Answer created = await iskra.Client.PostAnswerAsync(Backups, new { });
        Assert.Equal(HttpStatusCode.Accepted, created.Status);
        JsonElement newest = await WaitForAsync(iskra, count: 1);

        Assert.Equal("full", newest.GetProperty("kind").GetString());
        Assert.Equal("sqlite", newest.GetProperty("engine").GetString());
        Assert.True(newest.GetProperty("bytes").GetInt64() > 0);
        string metrics = await iskra.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Contains("iskra_backup_runs_total{result=\"ok\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("iskra_backup_age_seconds", metrics, StringComparison.Ordinal);
        string key = (await File.ReadAllTextAsync(Path.Combine(folder["data"], "keys", "backup.key"), Cancellation)).Trim();
        Assert.DoesNotContain(key, iskra.Error + iskra.Output + metrics, StringComparison.Ordinal);
    }

    private static async Task RestoreAfterKillAsync(TestFolder folder, string? source, string? target)
    {
        await File.WriteAllTextAsync(folder["key"], Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
            Cancellation);
        string[] create = ["backup", "create", "--data", folder["data"], "--folder", folder["backups"], "--key-file", folder["key"]];
        await using (IskraProcess iskra = await IskraProcess.StartAsync(
            folder["data"], Environment(folder, source), "--config", await DemoSettingsAsync(folder)))
        {
            for (int i = 0; i < 3; i++)
            {
                await WaitForTransfersAsync(iskra, 500 * (i + 1));
                IskraResult created = await RunAsync(folder, source, create);
                Assert.True(created.ExitCode == 0, created.Error);
            }

            await iskra.KillAsync();
        }

        if (source is null)
        {
            Directory.Delete(folder["data"], recursive: true);
        }

        string[] key = ["--key-file", folder["key"]];
        IskraResult deep = await RunAsync(
            folder, target, ["backup", "verify", folder["backups"], "--deep", "--work", folder["work"], "--data", folder["none"], .. key]);
        Assert.True(deep.ExitCode == 0, deep.Error + deep.Output);
        Assert.Contains("good      cards.ledger", deep.Output, StringComparison.Ordinal);

        IskraResult restored = await RunAsync(
            folder, target, ["backup", "restore", folder["backups"], "--data", folder["restored"], .. key]);
        Assert.True(restored.ExitCode == 0, restored.Error);
        long head = HeadOf(restored.Output, "cards.journal");
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["restored"], Environment(folder, target)))
        {
            Answer page = await iskra.Client.GetAnswerAsync(ApiCalls.Transfers + "?limit=1");
            Assert.Equal(head, page.Body.GetProperty("items")[0].GetProperty("sequence").GetInt64());
            Guid account = await iskra.OpenAccountAsync("asset", "After the restore");
            Assert.NotEqual(Guid.Empty, account);
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        IskraResult verified = await RunAsync(folder, target, "cards", "verify", "--data", folder["restored"]);
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Contains($"Journal entries   {head,14:#,0}", verified.Output, StringComparison.Ordinal);
    }

    /// <summary>The number after a head's name in the commands' output.</summary>
    private static long HeadOf(string output, string name)
    {
        string rest = output[(output.IndexOf(name, StringComparison.Ordinal) + name.Length)..].TrimStart();
        string digits = new([.. rest.TakeWhile(character => char.IsAsciiDigit(character) || character == ',').Where(char.IsAsciiDigit)]);
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static async Task<string> MakeStoreAndBackupAsync(TestFolder folder)
    {
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]))
        {
            await iskra.OpenAccountAsync("asset", "Cash");
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        IskraResult created = await RunAsync(folder, null, "backup", "create", "--data", folder["data"]);
        Assert.True(created.ExitCode == 0, created.Error);
        Assert.Contains("Keep a copy", created.Error, StringComparison.Ordinal);
        return created.Output.Split('\n')[0].Trim();
    }

    private static async Task<string> DemoSettingsAsync(TestFolder folder)
    {
        await File.WriteAllTextAsync(folder["demo.json"], """{ "Cards": { "Demo": { "Enabled": true, "Speed": 20 } } }""", Cancellation);
        return folder["demo.json"];
    }

    private static async Task WaitForTransfersAsync(IskraProcess iskra, long count)
    {
        Answer page;
        do
        {
            await Task.Delay(50, Cancellation);
            page = await iskra.Client.GetAnswerAsync(ApiCalls.Transfers + "?limit=1");
        }
        while (page.Status != HttpStatusCode.OK || page.Body.GetProperty("items").EnumerateArray().All(item =>
            item.GetProperty("sequence").GetInt64() < count));
    }

    private static async Task<JsonElement> WaitForAsync(IskraProcess iskra, int count)
    {
        while (true)
        {
            Answer list = await iskra.Client.GetAnswerAsync(Backups);
            Assert.True(list.Status == HttpStatusCode.OK, list.ToString());
            Assert.True(list["lastFailure"] is null, list.ToString());
            if (list.Body.GetProperty("items").GetArrayLength() >= count
                && list.Body.GetProperty("running").ValueKind == JsonValueKind.Null)
            {
                return list.Body.GetProperty("items")[0];
            }

            await Task.Delay(50, Cancellation);
        }
    }

    /// <summary>The key folder stands apart from the data folder, as it must where the data folder can be lost.</summary>
    private static Dictionary<string, string?> Environment(TestFolder folder, string? database)
    {
        Dictionary<string, string?> environment = new() { ["ISKRA_KEY_FOLDER"] = folder["keys"] };
        if (database is not null)
        {
            environment["ISKRA_DATABASE"] = database;
        }

        return environment;
    }

    private static string[] Missing(string[] command, string option, string value) => command.Contains(option) ? [] : [option, value];

    private static Task<IskraResult> RunAsync(TestFolder folder, string? database, params string[] arguments) =>
        IskraProcess.RunAsync(Environment(folder, database), arguments);
}
