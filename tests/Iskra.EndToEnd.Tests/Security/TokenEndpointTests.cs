using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Security;

/// <summary>Users and tokens over HTTP on the real program, as an OAuth client and a browser use them.</summary>
public sealed class TokenEndpointTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Token = "/v1/security/token";
    private const string Revoke = "/v1/security/revoke";
    private const string Password = "correct horse battery";

    [Fact]
    public async Task ClientCredentials_FormBasicAndJson_GiveTheSameKindOfToken()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        Answer form = await PostFormAsync(client, Token, ("grant_type", "client_credentials"), ("client_secret", IskraProcess.AdminKey));
        Answer json = await client.PostAnswerAsync(
            Token, new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_secret"] = IskraProcess.AdminKey });
        using HttpRequestMessage basic = Form(Token, ("grant_type", "client_credentials"), ("scope", "cards:read"));
        basic.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{IskraProcess.AdminKey}")));
        using HttpResponseMessage basicAnswer = await client.SendAsync(basic);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [form.Status, json.Status, basicAnswer.StatusCode]);
        Assert.True(basicAnswer.Headers.CacheControl?.NoStore);
        Assert.Equal(("Bearer", 900, "admin system"), (form["token_type"], form.Body.GetProperty("expires_in").GetInt32(), form["scope"]));
        Assert.False(form.Body.TryGetProperty("refresh_token", out _));
        using HttpClient narrow = server.Iskra.CreateClient(
            JsonSerializer.Deserialize<JsonElement>(await basicAnswer.Content.ReadAsStringAsync()).GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await narrow.GetAnswerAsync(ApiCalls.Accounts)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await narrow.GetAnswerAsync("/v1/security/keys")).Status);
        Answer who = await narrow.GetAnswerAsync("/v1/security/session");
        Assert.Equal(("token", "default"), (who["kind"], who["tenant"]));
    }

    [Fact]
    public async Task Password_RefreshRevokeAndReuse_FollowTheStandard()
    {
        await CreateUserAsync("oauth@example.org", "operator");
        using HttpClient client = server.Iskra.CreateClient(null);
        Answer first = await PasswordAsync(client, "oauth@example.org");
        Answer second = await RefreshAsync(client, first["refresh_token"]!);
        Assert.NotEqual(first["refresh_token"], second["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second["access_token"]!));
        Answer narrow = await RefreshAsync(client, second["refresh_token"]!, "cards:read");
        Assert.Equal("cards:read", narrow["scope"]);
        AssertError("invalid_scope", await RefreshAsync(client, narrow["refresh_token"]!, "admin"));

        // The first one again, though its successor was used: theft. The family ends, with its access tokens.
        AssertError("invalid_grant", await RefreshAsync(client, first["refresh_token"]!));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(second["access_token"]!));

        Answer other = await PasswordAsync(client, "oauth@example.org");
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync(client, Revoke, ("token", other["refresh_token"]!))).Status);
        AssertError("invalid_grant", await RefreshAsync(client, other["refresh_token"]!));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(other["access_token"]!));

        Answer third = await PasswordAsync(client, "oauth@example.org");
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync(client, Revoke, ("token", third["access_token"]!))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(third["access_token"]!));
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(client, third["refresh_token"]!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync(client, Revoke, ("token", "unknown"))).Status);
    }

    [Fact]
    public async Task Token_BadRequests_AreAnsweredInTheStandardsWords()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        AssertError("invalid_request", await PostFormAsync(client, Token));
        AssertError("unsupported_grant_type", await PostFormAsync(client, Token, ("grant_type", "implicit")));
        AssertError("invalid_request", await PostFormAsync(client, Token, ("grant_type", "client_credentials")));
        AssertError("invalid_request", await PostFormAsync(client, Token, ("grant_type", "password"), ("grant_type", "password")));
        AssertError("invalid_request", await client.PostTextAsync(Token, "{"));
        AssertError("invalid_request", await client.PostTextAsync(Token, """{"unknown":1}"""));
        AssertError("invalid_grant", await RefreshAsync(client, "isr_" + new string('x', 43)));
        Answer client401 = await PostFormAsync(
            client, Token, ("grant_type", "client_credentials"), ("client_secret", "isk_00000000_" + new string('x', 43)));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (client401.Status, client401["error"]));
        AssertError("invalid_request", await PostFormAsync(client, Revoke));
    }

    [Fact]
    public async Task Session_LoginAndPassword_OpenACookieThatKnowsTheUser()
    {
        await CreateUserAsync("browser@example.org", "viewer");
        using HttpClient client = server.Iskra.CreateClient(null);
        using HttpResponseMessage response = await client.PostAsync(
            new Uri("/v1/security/session", UriKind.Relative),
            new StringContent($$"""{"login":"Browser@example.org","password":"{{Password}}"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Answer who = await client.GetAnswerAsync("/v1/security/session");
        Assert.Equal(("session", "browser@example.org", "default"), (who["kind"], who["prefix"], who["tenant"]));
        Assert.Equal(["viewer"], who.Body.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));

        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        Answer changed = await client.PostAnswerAsync(
            "/v1/security/password", new { currentPassword = Password, newPassword = "another four words" });
        Assert.Equal(HttpStatusCode.NoContent, changed.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAnswerAsync("/v1/security/session")).Status);
    }

    [Fact]
    public async Task WellKnown_KeysAndMetadata_NameEachOther()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        Answer metadata = await client.GetAnswerAsync("/.well-known/oauth-authorization-server");
        string issuer = metadata["issuer"]!;
        Assert.Equal($"{issuer}/v1/security/token", metadata["token_endpoint"]);
        Assert.Equal($"{issuer}/.well-known/jwks.json", metadata["jwks_uri"]);
        Answer keys = await client.GetAnswerAsync("/.well-known/jwks.json");
        JsonElement key = Assert.Single(keys.Body.GetProperty("keys").EnumerateArray());
        Assert.Equal(
            ("EC", "P-256", "ES256", "sig"),
            (key.GetProperty("kty").GetString(), key.GetProperty("crv").GetString(), key.GetProperty("alg").GetString(),
                key.GetProperty("use").GetString()));
        Assert.False(key.TryGetProperty("d", out _));
    }

    [Fact]
    public async Task Commands_TenantsUsersAndSigningKeys_WorkWithoutAServer()
    {
        using TestFolder folder = new();
        string data = folder["data"];
        Assert.Equal(0, (await IskraProcess.RunAsync(null, "tenants", "create", "acme", "--name", "Acme", "--data", data)).ExitCode);
        Assert.Equal(1, (await IskraProcess.RunAsync(null, "tenants", "create", "acme", "--data", data)).ExitCode);
        IskraResult user = await IskraProcess.RunAsync(
            null, "users", "create", "anna", "--role", "admin", "--generate", "--tenant", "acme", "--data", data);
        Assert.Equal(0, user.ExitCode);
        Assert.Equal(0, (await IskraProcess.RunAsync(null, "keys", "create", "k", "--scope", "admin", "--tenant", "acme", "--data", data))
            .ExitCode);
        Assert.Contains("anna", (await IskraProcess.RunAsync(null, "users", "list", "--tenant", "acme", "--data", data)).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "anna", (await IskraProcess.RunAsync(null, "users", "list", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await IskraProcess.RunAsync(
            null, "keys", "create", "k", "--scope", "system", "--tenant", "acme", "--data", data)).ExitCode);
        Assert.Contains("signs", (await IskraProcess.RunAsync(null, "security", "rotate-signing", "--data", data)).Output,
            StringComparison.Ordinal);
        IskraResult disabled = await IskraProcess.RunAsync(null, "tenants", "disable", "acme", "--data", data);
        Assert.Contains("disabled", disabled.Output, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Form(string path, params IEnumerable<(string Name, string Value)> fields) => new(
        HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    private static async Task<Answer> PostFormAsync(
        HttpClient client, string path, params IEnumerable<(string Name, string Value)> fields)
    {
        using HttpRequestMessage request = Form(path, fields);
        using HttpResponseMessage response = await client.SendAsync(request);
        return new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    private static Task<Answer> PasswordAsync(HttpClient client, string login) => PostFormAsync(
        client, Token, ("grant_type", "password"), ("username", login), ("password", Password));

    private static Task<Answer> RefreshAsync(HttpClient client, string token, string scope = "") => PostFormAsync(
        client, Token, ("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope));

    private static void AssertError(string error, Answer answer) =>
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer["error"]));

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using HttpClient client = server.Iskra.CreateClient(token);
        return (await client.GetAnswerAsync("/v1/security/session")).Status;
    }

    private async Task CreateUserAsync(string login, string role)
    {
        Answer made = await server.Iskra.Client.PostAnswerAsync(
            "/v1/security/users", new { login, password = Password, roles = new[] { role } });
        Assert.True(made.Status == HttpStatusCode.Created, made.ToString());
    }
}
