using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

public sealed class HttpTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Keys = "/v1/security/keys";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/v1/no-such", 404, "not-found")]
    [InlineData("PATCH", "/v1/security/keys", 405, "method-not-allowed")]
    [InlineData("GET", "/v1/security/keys?limit=0", 400, "invalid-request")]
    [InlineData("GET", "/v1/security/keys?limit=501", 400, "invalid-request")]
    [InlineData("GET", "/v1/security/keys?cursor=%21%21", 400, "invalid-request")]
    [InlineData("DELETE", "/v1/security/keys/00000000-0000-0000-0000-000000000000", 404, "not-found")]
    [InlineData("DELETE", "/v1/security/keys/nonsense", 404, "not-found")]
    public async Task Request_Wrong_IsAProblem(string method, string path, int status, string code)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await server.Iskra.Client.SendAsync(request, Token);
        await AssertProblemAsync(response, status, code);
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("""{"name":"a","scopes":["admin"]} {}""", "$")]
    [InlineData("""{"name":"a","scopes":["admin"],"extra":1}""", "$.extra")]
    [InlineData("""{"name":"a","scopes":["admin"],"Name":"b"}""", "$.Name")]
    [InlineData("""{"name":"a","name":"b","scopes":["admin"]}""", "$.name")]
    [InlineData("""{"name":1,"scopes":["admin"]}""", "$.name")]
    [InlineData("""{"name":null,"scopes":["admin"]}""", "$.name")]
    [InlineData("""{"name":"a","scopes":["admin",7]}""", "$.scopes[1]")]
    [InlineData("""{"name":"a"}""", "$.scopes")]
    [InlineData("""{"name":"a","scopes":["nonsense"]}""", "$.scopes[0]")]
    [InlineData("""{"name":"","scopes":["admin"]}""", "$.name")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"2001-01-01T00:00:00Z"}""", "$.expiresAt")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"tomorrow"}""", "$.expiresAt")]
    public async Task CreateKey_BadBody_NamesThePath(string body, string path)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Iskra.Client.PostAsync(new Uri(Keys, UriKind.Relative), content, Token);
        JsonElement problem = await AssertProblemAsync(response, 400, null);
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("path").GetString() == path);
        Assert.DoesNotContain("System.", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Iskra.", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateKey_InvalidUtf8_IsAProblem()
    {
        foreach (byte[] body in new byte[][] { [0xff, 0xfe], [.. "{\"name\":\""u8, 0xc3, 0x28, .. "\",\"scopes\":[]}"u8],
            [.. "{\""u8, 0xff, .. "\":1}"u8] })
        {
            using ByteArrayContent content = new(body);
            content.Headers.ContentType = new("application/json");
            using HttpResponseMessage response = await server.Iskra.Client.PostAsync(new Uri(Keys, UriKind.Relative), content, Token);
            await AssertProblemAsync(response, 400, "invalid-json");
        }
    }

    [Fact]
    public async Task CreateKey_DeepOrWideOrOtherMediaType_IsAProblem()
    {
        string deep = new string('[', 5_000) + new string(']', 5_000);
        string wide = "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"k{i}\":1")) + "}";
        foreach ((string body, string type, int status) in new[]
        {
            (deep, "application/json", 400), (wide, "application/json", 400), ("{}", "text/plain", 415),
                (new string(' ', 9_000_000), "application/json", 413),
        })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, Keys) { Content = new StringContent(body, Encoding.UTF8, type) };

            // A refused body isn't read: a client that sends it anyway may find the connection closed before it reads the answer.
            request.Headers.ExpectContinue = true;
            using HttpResponseMessage response = await server.Iskra.Client.SendAsync(request, Token);
            await AssertProblemAsync(response, status, null);
        }
    }

    [Fact]
    public async Task Request_OversizedHeaders_IsRefused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/system");
        request.Headers.TryAddWithoutValidation("X-Long", new string('a', 40_000));
        using HttpResponseMessage response = await server.Iskra.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:5080", 421)]
    [InlineData("localhost", 401)]
    [InlineData("192.168.1.7:5080", 401)]
    public async Task Request_HostName_IsOursOrRefused(string host, int status)
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/system");
        request.Headers.Host = host;
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        await AssertProblemAsync(response, status, null);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/system")]
    [InlineData("/v1/no-such")]
    [InlineData("/docs/index.html")]
    public async Task Response_Any_CarriesSecurityHeaders(string path)
    {
        using HttpResponseMessage response = await server.Iskra.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Docs_UnderThePolicy_HaveNoInlineScript()
    {
        string page = await server.Iskra.Client.GetStringAsync(new Uri("/docs/index.html", UriKind.Relative), Token);
        Assert.DoesNotMatch("<script(?![^>]*src=)[^>]*>", page);
    }

    [Fact]
    public async Task OpenApi_Document_NamesSchemesAndProblems()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        using JsonDocument document = await JsonDocument.ParseAsync(
            await client.GetStreamAsync(new Uri("/openapi/v1.json", UriKind.Relative), Token), cancellationToken: Token);
        JsonElement root = document.RootElement;
        Assert.Equal("/", root.GetProperty("servers")[0].GetProperty("url").GetString());
        JsonElement post = root.GetProperty("paths").GetProperty(Keys).GetProperty("post");
        Assert.Equal(2, post.GetProperty("security").GetArrayLength());
        Assert.True(post.GetProperty("responses").GetProperty("default").GetProperty("content")
            .TryGetProperty("application/problem+json", out _));
        Assert.Equal("bearer", root.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("scheme")
            .GetString());
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/")]
    public async Task Get_OpenPath_NeedsNoKey(string path)
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_PassedOnByAProxy_NeedAKey()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        using HttpResponseMessage response = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task System_WithAKey_DescribesTheServer()
    {
        JsonElement system = await server.Iskra.Client.GetFromJsonAsync<JsonElement>(new Uri("/v1/system", UriKind.Relative), Token);
        Assert.Equal("Iskra", system.GetProperty("name").GetString());
        Assert.StartsWith("SQLite", system.GetProperty("engine").GetString(), StringComparison.Ordinal);
        Assert.Contains("cards", system.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.True(system.GetProperty("isEmpty").GetBoolean());
        Assert.False(system.GetProperty("demo").GetProperty("running").GetBoolean());
    }

    [Fact]
    public async Task Server_Garbage_StaysUp()
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(server.Iskra.Address.Host, server.Iskra.Address.Port, Token);
        await tcp.GetStream().WriteAsync("\0\u0001GARBAGE\r\n\r\n"u8.ToArray(), Token);
        using HttpResponseMessage response = await server.Iskra.Client.GetAsync(new Uri("/health/live", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string? code)
    {
        string body = await response.Content.ReadAsStringAsync(Token);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement problem = document.RootElement.Clone();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.Equal("https://iskra.dev/problems/" + problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString());
        if (code is not null)
        {
            Assert.Equal(code, problem.GetProperty("code").GetString());
        }

        return problem;
    }
}
