using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Cards;

public sealed class CardEndpointTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Cards = "/v1/cards/cards";
    private const string LookUp = "/v1/cards/cards:lookup";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Client => server.Iskra.Client;

    [Fact]
    public async Task Register_NewCard_ShowsOnlyBinAndLastFour()
    {
        const string Number = "4000001234567899";
        Guid account = await server.Iskra.OpenAccountAsync("liability", "Holder");
        Guid id = Guid.CreateVersion7();

        Answer created = await RegisterAsync(id, account, Number);
        Answer read = await Client.GetAnswerAsync($"{Cards}/{id}");
        Answer found = await Client.PostAnswerAsync(LookUp, new { number = Number });
        List<JsonElement> listed = await Client.GetAllAsync($"{Cards}?accountId={account}");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(("400000", "7899", account.ToString()), (read["bin"], read["last4"], read["accountId"]));
        Assert.Equal(id.ToString(), found["id"]);
        Assert.Equal(id, Assert.Single(listed).GetProperty("id").GetGuid());
        string metrics = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        foreach (string text in new[] { created.Text, read.Text, found.Text, listed[0].GetRawText(), metrics, server.Iskra.Error })
        {
            Assert.DoesNotContain(Number, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Number[6..12], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Register_Again_ExistsOrNamesTheFieldThatDiffers()
    {
        const string Number = "5555555555554444";
        Guid account = await server.Iskra.OpenAccountAsync("liability", "Holder");
        Guid other = await server.Iskra.OpenAccountAsync("liability", "Other");
        Guid id = Guid.CreateVersion7();
        await RegisterAsync(id, account, Number);

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(id, account, Number)).Status);
        AssertConflict(await RegisterAsync(id, other, Number), "card-exists-with-different-account", "$.accountId");
        AssertConflict(await RegisterAsync(id, account, "378282246310005"), "card-exists-with-different-number", "$.number");
        AssertConflict(await RegisterAsync(id, account, Number, 2031), "card-exists-with-different-expiry", "$.expiryMonth");
        AssertConflict(await RegisterAsync(Guid.CreateVersion7(), account, Number), "card-number-registered", "$.number");
    }

    [Fact]
    public async Task Cards_Unknown_AreNotFound()
    {
        Guid account = Guid.CreateVersion7();

        Answer[] answers =
        [
            await RegisterAsync(Guid.CreateVersion7(), account, "4012888888881881"),
            await Client.GetAnswerAsync($"{Cards}/{Guid.CreateVersion7()}"),
            await Client.PostAnswerAsync(LookUp, new { number = "6011111111111117" }),
        ];

        Assert.Equal(["account-not-found", "card-not-found", "card-not-found"], answers.Select(answer => answer["code"]));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        Assert.Empty(await Client.GetAllAsync($"{Cards}?accountId={account}"));
    }

    [Fact]
    public async Task Register_WithAReadersKey_LacksTheScope()
    {
        Answer key = await Client.PostAnswerAsync("/v1/security/keys", new { name = "reader", scopes = new[] { "cards:read" } });
        using HttpClient reader = server.Iskra.CreateClient(key["key"]);

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAnswerAsync(Cards)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAnswerAsync(Cards, new { })).Status);
    }

    private static void AssertConflict(Answer answer, string code, string path)
    {
        Assert.Equal((HttpStatusCode.Conflict, code), (answer.Status, answer["code"]));
        Assert.Equal(path, answer.Body.GetProperty("errors")[0].GetProperty("path").GetString());
    }

    private Task<Answer> RegisterAsync(Guid id, Guid accountId, string number, int expiryYear = 2030) =>
        Client.PostAnswerAsync(Cards, new { id, accountId, number, expiryMonth = 12, expiryYear });
}
