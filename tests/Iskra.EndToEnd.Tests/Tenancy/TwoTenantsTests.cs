using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Tenancy;

/// <summary>
/// Two tenants on the real program. Everything that the first has is looked for with the second's key, at every address of the OpenAPI
/// document that is read with GET: none of it may be there.
/// </summary>
public sealed partial class TwoTenantsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Mark = "mark-of-acme";

    /// <summary>Reads that are the same for all, and streams that don't end. A new one is a decision, so it is written here.</summary>
    private static readonly string[] Shared =
    [
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/v1/dashboards/pulse",
        "/v1/dashboards/pulse/stream",
        "/v1/system",
    ];

    [Fact]
    public async Task Get_EveryAddressWithAnothersIds_ShowsNothingOfThem()
    {
        using HttpClient acme = await CreateTenantAsync("acme");
        using HttpClient beta = await CreateTenantAsync("beta");
        HashSet<string> marks = await FillAsync(acme);
        string[] paths = [.. await GetPathsAsync()];
        string[] lists = [.. paths.Where(path => !path.Contains('{', StringComparison.Ordinal))];
        string[] single = [.. paths.Except(lists)];
        Assert.True(lists.Length >= 6 && single.Length >= 5, $"Too few addresses to mean anything: {string.Join(' ', paths)}");
        foreach (string path in lists)
        {
            AddIds((await acme.GetAnswerAsync(path)).Text, marks);
        }

        Assert.True(marks.Count > 6, $"Too few ids to mean anything: {string.Join(' ', marks)}");
        List<string> seen = [];
        foreach (string path in lists.Concat(single.SelectMany(path => marks.Select(mark => Parameter().Replace(path, mark)))))
        {
            Answer own = await acme.GetAnswerAsync(path);
            if (Shows(own, marks))
            {
                seen.Add(path);
            }

            Answer others = await beta.GetAnswerAsync(path);
            Assert.False(Shows(others, marks), $"{path} shows another tenant's: {others}");
            Assert.True(
                path.Contains(Mark, StringComparison.Ordinal) || lists.Contains(path) || (int)others.Status is 400 or 403 or 404
                    || IsEmpty(others),
                $"{path}: {others}");
        }

        // The test can fail: with its own key a tenant does see what the other one doesn't.
        Assert.True(seen.Count >= 10, $"The first tenant sees too little for this to mean anything: {string.Join(' ', seen)}");
        foreach (string part in new[] { "/v1/cards/accounts/", "/v1/cards/transfers/", "/v1/cards/cards/", "/v1/security/users/" })
        {
            Assert.Contains(seen, path => path.StartsWith(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Change_AnothersKeysUsersAndRoles_IsNotFound()
    {
        using HttpClient acme = await CreateTenantAsync("gamma");
        using HttpClient beta = await CreateTenantAsync("delta");
        Answer user = await acme.PostAnswerAsync("/v1/security/users", new { login = "anna", roles = new[] { "admin" } });
        Answer key = await acme.PostAnswerAsync("/v1/security/keys", new { name = "k", scopes = new[] { "admin" } });
        Assert.Equal(HttpStatusCode.Created, user.Status);
        using HttpResponseMessage revoke = await beta.DeleteAsync(new Uri($"/v1/security/keys/{key["id"]}", UriKind.Relative));
        using HttpResponseMessage patch = await beta.PatchAsync(
            new Uri($"/v1/security/users/{user["id"]}", UriKind.Relative),
            new StringContent("""{"disabled":true}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [revoke.StatusCode, patch.StatusCode]);
        Assert.Equal(JsonValueKind.Null, (await acme.GetAnswerAsync($"/v1/security/users/{user["id"]}")).Body
            .GetProperty("disabledAt").ValueKind);
    }

    [Theory]
    [InlineData("/v1/tenants")]
    [InlineData("/v1/tenants/1")]
    [InlineData("/v1/system/backups")]
    [InlineData("/v1/events/subscribers")]
    [InlineData("/metrics")]
    public async Task Get_OfTheInstallation_IsRefusedToATenantsAdmin(string path)
    {
        using HttpClient admin = await CreateTenantAsync("e" + Guid.CreateVersion7().ToString("N")[20..]);
        Answer refused = await admin.GetAnswerAsync(path);

        // Programs on this machine may read /metrics without a key; one that shows a key is judged by it elsewhere.
        Assert.True(refused.Status == HttpStatusCode.Forbidden || path == "/metrics", $"{path}: {refused}");
        Assert.Equal(HttpStatusCode.OK, (await server.Iskra.Client.GetAnswerAsync(path)).Status);
    }

    [Fact]
    public async Task Disable_Tenant_EndsItsKeysAndLeavesItsData()
    {
        using HttpClient admin = await CreateTenantAsync("zeta");
        Answer list = await server.Iskra.Client.GetAnswerAsync("/v1/tenants?limit=500");
        int id = list.Body.GetProperty("items").EnumerateArray()
            .Single(tenant => tenant.GetProperty("slug").GetString() == "zeta").GetProperty("id").GetInt32();
        string path = string.Create(CultureInfo.InvariantCulture, $"/v1/tenants/{id}");
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAnswerAsync("/v1/security/keys")).Status);
        await PatchAsync(path, """{"disabled":true}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.GetAnswerAsync("/v1/security/keys")).Status);
        await PatchAsync(path, """{"disabled":false,"name":"Zeta again"}""");
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAnswerAsync("/v1/security/keys")).Status);
        Assert.Equal("Zeta again", (await server.Iskra.Client.GetAnswerAsync(path))["name"]);
        Assert.Equal(HttpStatusCode.Conflict, await PatchAsync("/v1/tenants/1", """{"disabled":true}"""));
    }

    private static bool IsEmpty(Answer answer) =>
        answer.Status == HttpStatusCode.OK
        && answer.Body.TryGetProperty("items", out JsonElement items) && items.GetArrayLength() == 0;

    private static bool Shows(Answer answer, HashSet<string> marks)
    {
        // A problem repeats the address that was asked for; that shows nothing.
        string text = Instance().Replace(answer.Text, "");
        return marks.Any(mark => text.Contains(mark, StringComparison.Ordinal));
    }

    private static void AddIds(string text, HashSet<string> marks)
    {
        foreach (Match match in Id().Matches(text))
        {
            marks.Add(match.Value);
        }
    }

    private static async Task<HashSet<string>> FillAsync(HttpClient client)
    {
        Guid one = Guid.CreateVersion7(), two = Guid.CreateVersion7();
        HashSet<string> marks = new(StringComparer.Ordinal) { Mark };
        foreach (Guid id in new[] { one, two })
        {
            Check(await client.PostAnswerAsync(
                ApiCalls.Accounts, new { id, name = Mark, kind = "liability", currency = "RUB", flags = Array.Empty<string>() }));
        }

        Check(await client.PostAnswerAsync(
            ApiCalls.Transfers,
            new { id = Guid.CreateVersion7(), debitAccountId = one, creditAccountId = two, amountMinor = 5, currency = "RUB", code = 1 }));
        Check(await client.PostAnswerAsync(
            "/v1/cards/cards",
            new { id = Guid.CreateVersion7(), accountId = one, number = "2200000000000004", expiryMonth = 12, expiryYear = 2090 }));
        Check(await client.PostAnswerAsync("/v1/security/users", new { login = Mark, roles = new[] { "viewer" } }));
        Check(await client.PostAnswerAsync("/v1/security/keys", new { name = Mark, scopes = new[] { "cards:read" } }));
        using HttpResponseMessage role = await client.PutAsync(
            new Uri($"/v1/security/roles/{Mark}", UriKind.Relative),
            new StringContent("""{"scopes":["cards:read"]}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, role.StatusCode);
        return marks;
    }

    private static void Check(Answer answer) => Assert.True(answer.StatusNumber is 200 or 201, answer.ToString());

    private async Task<IReadOnlyList<string>> GetPathsAsync()
    {
        Answer document = await server.Iskra.Client.GetAnswerAsync("/openapi/v1.json");
        return
        [
            .. document.Body.GetProperty("paths").EnumerateObject()
                .Where(path => path.Value.TryGetProperty("get", out _) && !Shared.Contains(path.Name))
                .Select(path => path.Name),
        ];
    }

    private async Task<HttpClient> CreateTenantAsync(string slug)
    {
        Answer made = await server.Iskra.Client.PostAnswerAsync("/v1/tenants", new { slug, name = slug, withAdminKey = true });
        Assert.True(made.Status == HttpStatusCode.Created, made.ToString());
        return server.Iskra.CreateClient(made.Body.GetProperty("adminKey").GetProperty("key").GetString());
    }

    private async Task<HttpStatusCode> PatchAsync(string path, string json)
    {
        using StringContent content = new(json, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await server.Iskra.Client.PatchAsync(new Uri(path, UriKind.Relative), content);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("\"(?:instance|traceId)\":\"[^\"]*\"")]
    private static partial Regex Instance();
}
