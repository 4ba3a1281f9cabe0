using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>What Prometheus itself makes of the program's <c>/metrics</c>.</summary>
public sealed class PrometheusTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Install = "apt-get install prometheus";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_ByARealPrometheus_HasTheServerUpAndItsTransfers()
    {
        string program = Requirement.Program("prometheus", Install);
        await server.Iskra.PostTransferAsync();
        using TestFolder folder = new();
        using HttpClient client = new();
        await using ServerProcess prometheus = await StartAsync(program, folder, client);

        Assert.Equal("1", await QueryAsync(client, """up{job="iskra"}"""));
        Assert.Equal("1", await QueryAsync(client, """iskra_cards_transfers_total{job="iskra",result="ok"}"""));
        Assert.NotEqual("0", await QueryAsync(client, "iskra_process_memory_usage_bytes"));
        Assert.Equal("1", await QueryAsync(client, """iskra_cards_posting_duration_seconds_bucket{le="+Inf"}"""));
    }

    [Fact]
    public async Task Text_CheckedByPromtool_ParsesWithoutFaultInOurNames()
    {
        string program = Requirement.Program("promtool", Install);
        string text = await server.Iskra.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        ProcessStartInfo start = new(program, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string report = await promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.WaitForExitAsync(Cancellation);

        // 3 means advice on names; those of the framework's instruments aren't ours to choose.
        Assert.True(promtool.ExitCode is 0 or 3, report);
        Assert.Contains("iskra_cards_posting_queue_depth", text, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Split('\n'), line => line.StartsWith("iskra_", StringComparison.Ordinal));
    }

    private async Task<ServerProcess> StartAsync(string program, TestFolder folder, HttpClient client)
    {
        await File.WriteAllTextAsync(
            folder["prometheus.yml"],
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: iskra
                static_configs: [{targets: ["{{server.Iskra.Address.Authority}}"]}]
            """,
            Cancellation);
        string listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{LoopbackPort.Free()}");
        client.BaseAddress = new Uri("http://" + listen);
        ProcessStartInfo start = new(
            program,
            [
                $"--config.file={folder["prometheus.yml"]}",
                $"--storage.tsdb.path={folder["data"]}",
                $"--web.listen-address={listen}",
                "--log.level=error",
            ]);
        return await ServerProcess.StartAsync(
            start, async token => (await client.GetAsync(new Uri("/-/ready", UriKind.Relative), token)).IsSuccessStatusCode, Patience);
    }

    // Until the first scrapes there is no answer, and "up" may be 0 in a first one that was too slow.
    private static async Task<string> QueryAsync(HttpClient client, string query)
    {
        string found = "";
        await Polling.UntilAsync(
            async token =>
            {
                string json = await client.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query), token);
                using JsonDocument answer = JsonDocument.Parse(json);
                JsonElement result = answer.RootElement.GetProperty("data").GetProperty("result");
                found = result.GetArrayLength() > 0 ? result[0].GetProperty("value")[1].GetString()! : "0";
                return found != "0";
            },
            Cancellation);
        return found;
    }
}
