using System.Net;
using System.Text.RegularExpressions;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

public sealed partial class StartTests
{
    private static readonly Dictionary<string, string?> WithoutKey = new() { ["ISKRA_ADMIN_KEY"] = null };

    [Fact]
    public async Task FirstStart_EmptyFolder_PrintsBannerAndAKeyThatWorks()
    {
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], WithoutKey);
        string banner = iskra.Output;
        Assert.Contains(iskra.Address.ToString().TrimEnd('/'), banner, StringComparison.Ordinal);
        Assert.Contains(folder["data"], banner, StringComparison.Ordinal);
        Assert.Matches("engine +SQLite 3[.]", banner);
        Assert.Matches("roles +cards, dashboards", banner);
        Assert.Contains("iskra demo", banner, StringComparison.Ordinal);
        Match key = Assert.Single(KeyPattern().Matches(banner));

        using HttpClient client = iskra.CreateClient(key.Value);
        using HttpResponseMessage response = await client.GetAsync(
            new Uri("/v1/system", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(key.Value, iskra.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondStart_SameFolder_PrintsNoKey()
    {
        using TestFolder folder = new();
        await using (IskraProcess first = await IskraProcess.StartAsync(folder["data"], WithoutKey))
        {
            Assert.Equal(0, await first.TerminateAsync());
            Assert.Matches(KeyPattern(), first.Output);
        }

        await using IskraProcess second = await IskraProcess.StartAsync(folder["data"], WithoutKey);
        Assert.Equal(0, await second.InterruptAsync());
        Assert.DoesNotMatch(KeyPattern(), second.Output);
    }

    [Fact]
    public async Task AdminKey_Changed_RevokesTheEarlierOne()
    {
        const string Other = "another-admin-key-0123456789";
        using TestFolder folder = new();
        await using (IskraProcess first = await IskraProcess.StartAsync(folder["data"]))
        {
            Assert.Equal(HttpStatusCode.OK, await GetSystemAsync(first, IskraProcess.AdminKey));
            await first.KillAsync();
        }

        await using IskraProcess second = await IskraProcess.StartAsync(
            folder["data"], new Dictionary<string, string?> { ["ISKRA_ADMIN_KEY"] = Other });
        Assert.Equal(HttpStatusCode.OK, await GetSystemAsync(second, Other));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetSystemAsync(second, IskraProcess.AdminKey));
        Assert.DoesNotContain(Other, second.Error + second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve", "--help")]
    [InlineData("demo", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("keys", "--help")]
    [InlineData("keys", "create", "--help")]
    public async Task Help_EachCommand_HasExamples(params string[] arguments)
    {
        IskraResult result = await IskraProcess.RunAsync(null, arguments);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.Contains("  iskra ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_CreateListRevoke_WorkWithoutAServer()
    {
        using TestFolder folder = new();
        IskraResult created = await IskraProcess.RunAsync(null, "keys", "create", "ops", "--scope", "cards:read", "--data", folder["data"]);
        Assert.Equal(0, created.ExitCode);
        string prefix = KeyPattern().Match(created.Output).Value.Substring(4, 8);
        IskraResult list = await IskraProcess.RunAsync(null, "keys", "list", "--data", folder["data"]);
        Assert.Matches($"{prefix} +good .*cards:read +ops", list.Output);
        Assert.Equal(0, (await IskraProcess.RunAsync(null, "keys", "revoke", prefix, "--data", folder["data"])).ExitCode);
        Assert.Matches($"{prefix} +revoked", (await IskraProcess.RunAsync(null, "keys", "list", "--data", folder["data"])).Output);
    }

    private static async Task<HttpStatusCode> GetSystemAsync(IskraProcess iskra, string key)
    {
        using HttpClient client = iskra.CreateClient(key);
        using HttpResponseMessage response = await client.GetAsync(
            new Uri("/v1/system", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    [GeneratedRegex("isk_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}")]
    private static partial Regex KeyPattern();
}
