using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Fuzz;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Tenancy;

/// <summary>The real program with two tenants: through no address of the API does one see or use what is another's.</summary>
public sealed class TenantEndToEndTests
{
    private const string Marker = "ALPHA";
    private const string CardNumber = "4539578763621486";

    [Fact]
    public async Task Api_KeyOfAnotherTenant_FindsNothingOfOurs()
    {
        using TestFolder folder = new();
        Ours ours;
        await using (IskraProcess first = await IskraProcess.StartAsync(folder["data"]))
        {
            ours = await FillAsync(first);
        }

        string key = await CreateKeyAsync(folder["data"]);
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]))
        {
            using HttpClient theirs = iskra.CreateClient(key);
            await CheckReadsAsync(iskra, theirs, ours);
            await CheckWritesAsync(theirs, ours);
            Answer stillOurs = await iskra.Client.GetAnswerAsync($"{ApiCalls.Accounts}/{ours.Bank}/balance");
            Assert.Equal(500, stillOurs.Body.GetProperty("debitsPostedMinor").GetInt64());
        }

        await CheckCommandsAsync(folder);
    }

    private static async Task<Ours> FillAsync(IskraProcess iskra)
    {
        Guid bank = await iskra.OpenAccountAsync("asset", $"{Marker} bank");
        Guid shop = await iskra.OpenAccountAsync("liability", $"{Marker} shop");
        Guid transfer = Guid.CreateVersion7();
        Answer posted = await iskra.Client.PostAnswerAsync(ApiCalls.Transfers, Transfer(transfer, bank, shop));
        Assert.Equal(HttpStatusCode.Created, posted.Status);
        Guid card = Guid.CreateVersion7();
        Answer registered = await iskra.Client.PostAnswerAsync("/v1/cards/cards", Card(card, shop));
        Assert.Equal(HttpStatusCode.Created, registered.Status);
        return new Ours(bank, shop, transfer, card);
    }

    private static async Task CheckReadsAsync(IskraProcess iskra, HttpClient theirs, Ours ours)
    {
        ApiOperation[] reads =
        [
            .. (await ApiOperation.ReadAllAsync(iskra)).Where(
                operation => operation.Method == "GET" && operation.Path.StartsWith("/v1/cards/", StringComparison.Ordinal)),
        ];
        Assert.True(reads.Length >= 8);
        foreach (ApiOperation read in reads)
        {
            bool named = read.Path.Contains('{', StringComparison.Ordinal);
            foreach (Guid id in ours.All)
            {
                string path = read.Path.Replace("{id}", id.ToString(), StringComparison.Ordinal);
                foreach (string address in new[] { path, $"{path}?accountId={id}", $"{path}?q={Marker}&limit=500" })
                {
                    Answer answer = await theirs.GetAnswerAsync(address);
                    Assert.DoesNotContain(Marker, answer.Text, StringComparison.Ordinal);
                    Assert.True(!named || answer.Status == HttpStatusCode.NotFound, $"{address}: {answer}");
                    if (answer.Status == HttpStatusCode.OK && answer.Body.TryGetProperty("items", out JsonElement items))
                    {
                        Assert.Equal(0, items.GetArrayLength());
                    }
                }
            }
        }

        Assert.Contains("\"isEmpty\":true", (await theirs.GetAnswerAsync("/v1/system")).Text, StringComparison.Ordinal);
    }

    private static async Task CheckWritesAsync(HttpClient theirs, Ours ours)
    {
        Guid own = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Created, (await theirs.PostAnswerAsync(ApiCalls.Accounts, Account(own))).Status);
        foreach ((object body, string code) in new[]
        {
            (Transfer(Guid.CreateVersion7(), ours.Bank, own), "debit-account-not-found"),
            (Transfer(Guid.CreateVersion7(), Guid.CreateVersion7(), own), "debit-account-not-found"),
            (Transfer(Guid.CreateVersion7(), own, ours.Shop), "credit-account-not-found"),
        })
        {
            Answer refused = await theirs.PostAnswerAsync(ApiCalls.Transfers, body);
            Assert.Equal((HttpStatusCode.NotFound, code), (refused.Status, refused["code"]));
        }

        Answer card = await theirs.PostAnswerAsync("/v1/cards/cards", Card(Guid.CreateVersion7(), ours.Shop));
        Assert.Equal("account-not-found", card["code"]);
        Assert.Equal("card-not-found", (await theirs.PostAnswerAsync("/v1/cards/cards:lookup", new { number = CardNumber }))["code"]);

        // The same ids are free for them: accounts, a transfer under the id of ours, the same card.
        Answer opened = await theirs.PostAnswerAsync(
            "/v1/cards/accounts:batch", new { accounts = new[] { Account(ours.Bank), Account(ours.Shop) } });
        Assert.Equal(2, opened.Body.GetProperty("ok").GetInt32());
        Answer posted = await theirs.PostAnswerAsync(ApiCalls.Transfers, Transfer(ours.Transfer, ours.Bank, ours.Shop));
        Assert.Equal((HttpStatusCode.Created, "ok"), (posted.Status, posted["status"]));
        Assert.Equal(HttpStatusCode.Created, (await theirs.PostAnswerAsync("/v1/cards/cards", Card(ours.Card, ours.Shop))).Status);
    }

    private static async Task CheckCommandsAsync(TestFolder folder)
    {
        IskraResult verified = await IskraProcess.RunAsync(null, "cards", "verify", "--json", "--data", folder["data"]);
        Assert.Equal((int)ExitCode.Ok, verified.ExitCode);
        JsonElement[] sums = [.. JsonDocument.Parse(verified.Output).RootElement.GetProperty("currencies").EnumerateArray()];
        Assert.Equal(["default", "others"], sums.Select(sum => sum.GetProperty("tenant").GetString()));
        Assert.All(sums, sum => Assert.Equal("500", sum.GetProperty("debitsPostedMinor").GetString()));
        string export = folder["theirs.csv"];
        IskraResult exported = await IskraProcess.RunAsync(
            null, "cards", "export", "--tenant", "others", "--out", export, "--data", folder["data"]);
        Assert.Equal((int)ExitCode.Ok, exported.ExitCode);
        Assert.DoesNotContain(Marker, await File.ReadAllTextAsync(export), StringComparison.Ordinal);
        IskraResult unknown = await IskraProcess.RunAsync(
            null, "cards", "export", "--tenant", "nobody", "--out", export, "--data", folder["data"]);
        Assert.Equal((int)ExitCode.Usage, unknown.ExitCode);
    }

    /// <summary>A key for everything within a second tenant.</summary>
    private static async Task<string> CreateKeyAsync(string data)
    {
        IskraResult created = await IskraProcess.RunAsync(null, "keys", "create", "others", "--scope", "admin", "--data", data);
        string key = created.Output.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).First(
            word => word.StartsWith("isk_", StringComparison.Ordinal) && word.Length > 40);
        await using Database database = await Database.OpenAsync(
            new DataOptions { Folder = data }, global::Iskra.Host.Modules.All.Select(module => module.Migrations), StoreAccess.Exclusive);
        await database.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into tenants (id, slug, name, created_at) values (2, 'others', 'Others', 0)");
            Assert.Equal(1, await session.ExecuteAsync(
                "update security_keys set tenant_id = 2 where prefix = @prefix", new { prefix = key[4..12] }));
        });
        return key;
    }

    private static object Account(Guid id) => new { id, name = "bravo", kind = "asset", currency = "RUB" };

    private static object Transfer(Guid id, Guid debit, Guid credit) => new
    {
        id,
        debitAccountId = debit,
        creditAccountId = credit,
        amountMinor = 500,
        currency = "RUB",
    };

    private static object Card(Guid id, Guid account) => new
    {
        id,
        accountId = account,
        number = CardNumber,
        expiryMonth = 12,
        expiryYear = 2030,
    };

    private sealed record Ours(Guid Bank, Guid Shop, Guid Transfer, Guid Card)
    {
        public IReadOnlyList<Guid> All => [Bank, Shop, Transfer, Card];
    }
}
