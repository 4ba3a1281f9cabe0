using System.Diagnostics;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Browser;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Security;

/// <summary>Our tokens and keys before a library that isn't ours.</summary>
public sealed class ForeignVerifierTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Token_CheckedByJose_IsGoodAndSpoiledOnesAreNot()
    {
        string node = Requirement.Program("node", "https://nodejs.org");
        string web = Path.Combine(WebSources.Repository(), "web");
        Requirement.That(Directory.Exists(Path.Combine(web, "node_modules", "jose")), "web/node_modules/jose is missing (npm ci in web/)");
        Answer answer = await server.Iskra.Client.PostAnswerAsync(
            "/v1/security/token",
            new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_secret"] = IskraProcess.AdminKey });
        string token = answer["access_token"]!;

        JsonElement good = await VerifyAsync(node, web, token);
        Assert.Equal("ES256", good.GetProperty("header").GetProperty("alg").GetString());
        JsonElement claims = good.GetProperty("payload");
        Assert.Equal(("default", "admin system"), (claims.GetProperty("tenant").GetString(), claims.GetProperty("scope").GetString()));
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());

        string[] parts = token.Split('.');
        char other = parts[1][20] == 'A' ? 'B' : 'A';
        string spoiled = $"{parts[0]}.{parts[1][..20]}{other}{parts[1][21..]}.{parts[2]}";
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", (await VerifyAsync(node, web, spoiled)).GetProperty("fault").GetString());
    }

    private async Task<JsonElement> VerifyAsync(string node, string web, string token)
    {
        ProcessStartInfo start = new(node, ["test-support/verify-token.mjs", server.Iskra.Address.ToString().TrimEnd('/')])
        {
            WorkingDirectory = web,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(token);
        process.StandardInput.Close();
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
