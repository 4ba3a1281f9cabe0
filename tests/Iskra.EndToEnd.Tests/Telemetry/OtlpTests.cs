using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>What leaves the program by OTLP, and what it costs when nobody takes it.</summary>
public sealed partial class OtlpTests
{
    private const string CardNumber = "4111111111111111";
    private const string QuerySecret = "query-secret-7c1f";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ISKRA__Telemetry__OtlpEndpoint")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    public async Task Export_ToAReceiver_SendsMetricsAndTracesWithoutSecrets(string variable)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Cancellation);
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], Environment(variable, receiver.Address));
        string cookie = await UseSecretsAsync(iskra);
        await iskra.PostTransferAsync();
        await receiver.WaitAsync(
            requests => requests.Any(request => request.MetricNames.Contains("iskra.cards.transfers"))
                && requests.Any(request => request.SpanNames.Contains("POST /v1/cards/transfers")),
            Cancellation);

        Assert.All(receiver.Requests, request =>
        {
            Assert.Contains(request.Path, new[] { "/v1/metrics", "/v1/traces" });
            Assert.Equal("application/x-protobuf", request.ContentType);
            Assert.Equal(["iskra"], request.ServiceNames.Distinct());
            foreach (string secret in new[] { IskraProcess.AdminKey, cookie, CardNumber, QuerySecret, "Authorization", "Cookie" })
            {
                Assert.DoesNotContain(secret, request.Text, StringComparison.OrdinalIgnoreCase);
            }
        });
    }

    [Fact]
    public async Task Export_OnPostgres_KeepsThePasswordToItself()
    {
        Requirement.Postgres();
        const string Password = "pg-password-51b7";
        PostgresServer server = await PostgresServer.SharedAsync();
        await using PostgresDatabase database = await server.CreateDatabaseAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Cancellation);
        using TestFolder folder = new();
        Dictionary<string, string?> environment = Environment("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address);
        environment["ISKRA_DATABASE"] = $"{database.ConnectionString};Password={Password}";
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], environment);
        await iskra.PostTransferAsync();
        await receiver.WaitAsync(
            requests => requests.Any(request => request.SpanNames.Contains("POST /v1/cards/transfers"))
                && requests.Any(request => request.Text.Contains("Npgsql", StringComparison.Ordinal)),
            Cancellation);

        Assert.All(receiver.Requests, request => Assert.DoesNotContain(Password, request.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_ReceiverDown_CostsALogLineAndACounter()
    {
        using TestFolder folder = new();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        await using IskraProcess iskra = await IskraProcess.StartAsync(
            folder["data"], Environment("ISKRA__Telemetry__OtlpEndpoint", address));

        await iskra.PostTransferAsync();
        await WaitForFailuresAsync(iskra, 3);
        await iskra.PostTransferAsync();

        Assert.Equal(0, await iskra.TerminateAsync());
        Assert.Contains("The OTLP export fails", iskra.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EndpointIsNoAddress_NamesTheKey()
    {
        using TestFolder folder = new();
        IskraResult result = await IskraProcess.RunAsync(
            new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector.example" },
            "serve",
            "--data",
            folder["data"]);

        Assert.Equal(10, result.ExitCode);
        Assert.Contains("Telemetry:OtlpEndpoint", Assert.Single(result.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    // The intervals are those of the standard variables, shortened.
    private static Dictionary<string, string?> Environment(string variable, string address) => new()
    {
        [variable] = address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    /// <summary>Sends what must not leave: a key, a session cookie, a card number and a query. Returns the cookie's value.</summary>
    private static async Task<string> UseSecretsAsync(IskraProcess iskra)
    {
        using HttpClient client = iskra.CreateClient(null);
        using HttpResponseMessage session = await client.PostAsJsonAsync(
            "/v1/security/session", new { apiKey = IskraProcess.AdminKey }, Cancellation);
        string cookie = session.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using HttpResponseMessage withCookie = await client.GetAsync(new Uri("/v1/security/session", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, withCookie.StatusCode);
        Guid account = await iskra.OpenAccountAsync("liability", "Holder");
        Answer card = await iskra.Client.PostAnswerAsync(
            "/v1/cards/cards",
            new { id = Guid.CreateVersion7(), accountId = account, number = CardNumber, expiryMonth = 1, expiryYear = 2030 });
        Assert.Equal(HttpStatusCode.Created, card.Status);
        Answer query = await iskra.Client.GetAnswerAsync($"/v1/cards/accounts?cursor={QuerySecret}");
        Assert.Equal(HttpStatusCode.BadRequest, query.Status);
        return cookie.Split('=')[1];
    }

    private static Task WaitForFailuresAsync(IskraProcess iskra, int failures) => Polling.UntilAsync(
        async token =>
        {
            string text = await iskra.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), token);
            return Failures().Match(text) is { Success: true } line
                && int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) >= failures;
        },
        Cancellation);

    [GeneratedRegex(@"^iskra_telemetry_otlp_failures_total (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Failures();
}
