using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>The audit trail and the keys, through the real program.</summary>
public sealed class AuditTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trail_OfARealServer_IsSearchedExportedVerifiedAndItsFaultsAreFound()
    {
        using TestFolder folder = new();
        Dictionary<string, string?> environment = new() { ["ISKRA__Audit__CheckpointFolder"] = folder["checkpoints"] };
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], environment))
        {
            await ChangeThingsAsync(iskra);
            await AssertSearchAsync(iskra);
            await AssertExportAsync(iskra);
            IskraResult beside = await IskraProcess.RunAsync(environment, "audit", "verify", "--data", folder["data"]);
            Assert.Equal((0, ""), (beside.ExitCode, string.Join('\n', beside.Faults)));
            Assert.Matches("tenant 1: good, [0-9]+ entries", beside.Output);
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        IskraResult whole = await IskraProcess.RunAsync(environment, "audit", "verify", "--data", folder["data"]);
        Assert.Equal(0, whole.ExitCode);
        Assert.Matches("1 checkpoints up to [1-9]", whole.Output);
        Assert.Contains("BEGIN PUBLIC KEY", (await IskraProcess.RunAsync(null, "audit", "public-keys", "--data", folder["data"])).Output,
            StringComparison.Ordinal);

        await ExecuteAsync(folder, "update audit_entries set actor = 'someone' where sequence = 2");
        IskraResult changed = await IskraProcess.RunAsync(environment, "audit", "verify", "--data", folder["data"]);
        Assert.Equal(9, changed.ExitCode);
        Assert.Contains("tenant 1: FAULT at 2 (EntryChanged)", changed.Output, StringComparison.Ordinal);

        await ExecuteAsync(folder, "delete from audit_checkpoints; delete from audit_entries; delete from audit_heads");
        IskraResult wiped = await IskraProcess.RunAsync(environment, "audit", "verify", "--data", folder["data"]);
        Assert.Equal(9, wiped.ExitCode);
        Assert.Contains("TailMissing", wiped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_RotatedByTheCommand_OpenWhatWasSealedBefore()
    {
        using TestFolder folder = new();
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]))
        {
            await ChangeThingsAsync(iskra);
            Assert.Contains("root key", iskra.Output, StringComparison.Ordinal);
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        Assert.Equal(0, (await IskraProcess.RunAsync(null, "keys", "rotate", "--data", folder["data"])).ExitCode);
        Assert.Equal(0, (await IskraProcess.RunAsync(null, "keys", "rotate", "--root", "--data", folder["data"])).ExitCode);
        IskraResult list = await IskraProcess.RunAsync(null, "keys", "list", "--kind", "encryption", "--data", folder["data"]);
        Assert.Matches("root 2 +[0-9a-f]{16} +in force", list.Output);
        Assert.Matches("tenant 1 +version 2 +wraps", list.Output);
        Assert.Equal(1, (await IskraProcess.RunAsync(null, "keys", "erase", "--subject", "nobody", "--data", folder["data"])).ExitCode);
        Assert.Equal(2, (await IskraProcess.RunAsync(null, "keys", "erase", "--subject", "a b", "--data", folder["data"])).ExitCode);

        await using IskraProcess again = await IskraProcess.StartAsync(folder["data"]);
        await AssertSearchAsync(again);
        using HttpResponseMessage erased = await again.Client.DeleteAsync(new Uri("/v1/security/subjects/nobody", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, erased.StatusCode);
        Assert.DoesNotContain("root key", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnotherRootKey_EndsWithOneLineAndTheCodeOfBadConfiguration()
    {
        using TestFolder folder = new();
        string key = Convert.ToBase64String(new byte[32]);
        Dictionary<string, string?> environment = new() { ["ISKRA_ROOT_KEY"] = key };
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], environment))
        {
            Assert.False(File.Exists(Path.Combine(folder["data"], "keys", "root.key")));
            Assert.Equal(0, await iskra.TerminateAsync());
        }

        string other = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);
        Dictionary<string, string?> wrong = new() { ["ISKRA_ROOT_KEY"] = other };
        IskraResult result = await IskraProcess.RunAsync(
            wrong, "serve", "--data", folder["data"], "--urls", $"http://127.0.0.1:{IskraProcess.FreePort()}");
        Dictionary<string, string?> bad = new() { ["ISKRA_ROOT_KEY"] = "not a key" };
        IskraResult malformed = await IskraProcess.RunAsync(
            bad, "serve", "--data", folder["data"], "--urls", $"http://127.0.0.1:{IskraProcess.FreePort()}");

        Assert.Equal((10, 10), (result.ExitCode, malformed.ExitCode));
        Assert.Contains("isn't the one of this database", Assert.Single(result.Faults), StringComparison.Ordinal);
        Assert.Contains("Encryption:RootKey", Assert.Single(malformed.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain(other, result.Error + result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", malformed.Error + malformed.Output, StringComparison.Ordinal);
    }

    private static async Task ChangeThingsAsync(IskraProcess iskra)
    {
        using HttpResponseMessage key = await iskra.Client.PostAsJsonAsync(
            "/v1/security/keys", new { name = "reader of audits", scopes = new[] { "audit:read" } }, Token);
        Assert.Equal(HttpStatusCode.Created, key.StatusCode);
        using HttpResponseMessage account = await iskra.Client.PostAsJsonAsync(
            "/v1/cards/accounts", new { id = Guid.CreateVersion7(), name = "a", kind = "liability", currency = "RUB" }, Token);
        Assert.Equal(HttpStatusCode.Created, account.StatusCode);
        using HttpResponseMessage failed = await iskra.Client.PostAsJsonAsync(
            "/v1/security/session", new { apiKey = "isk_wrong_wrong_wrong_wrong" }, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
    }

    private static async Task AssertSearchAsync(IskraProcess iskra)
    {
        JsonElement created = await iskra.Client.GetFromJsonAsync<JsonElement>("/v1/audit?kind=api-key-created&limit=10", Token);
        JsonElement entry = created.GetProperty("items").EnumerateArray().First(item => item.GetProperty("actorKind").GetString() == "key");
        Assert.Equal("reader of audits", entry.GetProperty("details").GetProperty("name").GetString());
        Assert.Equal("key", entry.GetProperty("actorKind").GetString());
        JsonElement all = await iskra.Client.GetFromJsonAsync<JsonElement>("/v1/audit?limit=500", Token);
        string[] kinds = [.. all.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("kind").GetString()!)];
        Assert.Contains("account-opened", kinds);
        Assert.Contains("sign-in-failed", kinds);
        using HttpResponseMessage bad = await iskra.Client.GetAsync(new Uri("/v1/audit?kind=x&cursor=%21", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    private static async Task AssertExportAsync(IskraProcess iskra)
    {
        string[] lines = (await iskra.Client.GetStringAsync(new Uri("/v1/audit/export", UriKind.Relative), Token))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(line).ValueKind));
        Assert.Contains("audit-exported", lines[^1], StringComparison.Ordinal);
        string csv = await iskra.Client.GetStringAsync(new Uri("/v1/audit/export?format=csv&kind=account-opened", UriKind.Relative), Token);
        Assert.Equal(2, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static async Task ExecuteAsync(TestFolder folder, string sql)
    {
        // The product chooses the native library, once per process and before anything else touches it: two of them at once crash.
        await using Database database = await Database.OpenAsync(
            new DataOptions { Folder = folder["data"] },
            global::Iskra.Host.Modules.All.Select(module => module.Migrations),
            StoreAccess.ReadOnly,
            cancellationToken: Token);
        await using SqliteConnection connection = new($"Data Source={Path.Combine(folder["data"], "iskra.db")};Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }
}
