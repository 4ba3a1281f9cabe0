using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

public sealed class SignInTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly Uri Session = new("/v1/security/session", UriKind.Relative);
    private static readonly Uri Keys = new("/v1/security/keys", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_GoodKey_SetsAStrictCookieThatWorks()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        using HttpResponseMessage response = await client.PostAsJsonAsync(Session, new { apiKey = IskraProcess.AdminKey }, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(IskraProcess.AdminKey, cookie, StringComparison.Ordinal);

        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, Session));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(client, HttpMethod.Delete, Session));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Get, Session));
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Created)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "(own)", HttpStatusCode.Created)]
    public async Task Post_WithCookie_NeedsOurOrigin(string? header, string? value, HttpStatusCode status)
    {
        using HttpClient client = await SignInAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, Keys);
        request.Content = JsonContent.Create(new { name = "x", scopes = new[] { "cards:read" } });
        if (header is not null)
        {
            request.Headers.Add(header, value == "(own)" ? server.Iskra.Address.GetLeftPart(UriPartial.Authority) : value);
        }

        using HttpResponseMessage response = await client.SendAsync(request, Token);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task SignIn_FromAnotherSite_IsRefused()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        client.DefaultRequestHeaders.Add("Origin", "http://evil.example");
        using HttpResponseMessage response = await client.PostAsJsonAsync(Session, new { apiKey = IskraProcess.AdminKey }, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Revoke_UsedKeyWithSession_RefusesBothAtOnce()
    {
        using HttpResponseMessage created = await server.Iskra.Client.PostAsJsonAsync(
            Keys, new { name = "short", scopes = new[] { "admin" } }, Token);
        JsonElement key = await created.Content.ReadFromJsonAsync<JsonElement>(Token);
        using HttpClient byKey = server.Iskra.CreateClient(key.GetProperty("key").GetString());
        using HttpClient bySession = await SignInAsync(key.GetProperty("key").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(byKey, HttpMethod.Get, Keys));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bySession, HttpMethod.Get, Keys));

        Uri own = new($"/v1/security/keys/{key.GetProperty("id").GetString()}", UriKind.Relative);
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(server.Iskra.Client, HttpMethod.Delete, own));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(byKey, HttpMethod.Get, Keys));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(bySession, HttpMethod.Get, Keys));
    }

    [Fact]
    public async Task Keys_WithoutAdmin_LackTheScope()
    {
        using HttpResponseMessage created = await server.Iskra.Client.PostAsJsonAsync(
            Keys, new { name = "r", scopes = new[] { "cards:read" } }, Token);
        JsonElement key = await created.Content.ReadFromJsonAsync<JsonElement>(Token);
        using HttpClient client = server.Iskra.CreateClient(key.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, HttpMethod.Get, Keys));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, Session));
        string list = await server.Iskra.Client.GetStringAsync(Keys, Token);
        Assert.DoesNotContain(key.GetProperty("key").GetString()!, list, StringComparison.Ordinal);
        Assert.Contains(key.GetProperty("prefix").GetString()!, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ManyWrongKeys_IsLimitedAndLogsNoKey()
    {
        const string Wrong = "wrong-key-wrong-key-wrong-key";
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"]);
        using HttpClient client = iskra.CreateClient(null);
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage refused = await client.PostAsJsonAsync(Session, new { apiKey = Wrong }, Token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using HttpResponseMessage limited = await client.PostAsJsonAsync(Session, new { apiKey = Wrong }, Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.NotNull(limited.Headers.RetryAfter);
        await iskra.TerminateAsync();
        Assert.Contains("failed", iskra.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, iskra.Error + iskra.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(IskraProcess.AdminKey, iskra.Error + iskra.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, Uri path)
    {
        using HttpRequestMessage request = new(method, path);
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private async Task<HttpClient> SignInAsync(string key = IskraProcess.AdminKey)
    {
        HttpClient client = server.Iskra.CreateClient(null);
        using HttpResponseMessage response = await client.PostAsJsonAsync(Session, new { apiKey = key }, Token);
        response.EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Add("Cookie", Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0]);
        return client;
    }
}
