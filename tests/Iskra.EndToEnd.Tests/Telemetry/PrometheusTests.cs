using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Iskra.Platform.Telemetry;
using Iskra.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>What Prometheus itself makes of <c>/metrics</c>.</summary>
public sealed class PrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_ByARealPrometheus_ReturnsOurMetrics()
    {
        string program = Requirement.Program("prometheus", "apt-get install prometheus");
        await using WebApplication app = await StartAppAsync();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-prometheus-");
        string config = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: iskra
                static_configs: [{targets: ["{{new Uri(app.Urls.First()).Authority}}"]}]
            """,
            Cancellation);
        int port = FreePort();
        ProcessStartInfo start = new(
            program,
            [
                $"--config.file={config}",
                $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}",
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
                "--log.level=error",
            ]);
        using Process prometheus = Process.Start(start)!;
        try
        {
            Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            using HttpClient client = new() { BaseAddress = address };
            Assert.Equal("3", await QueryAsync(client, """iskra_test_transfers_total{result="ok \"q\" \\"}"""));
            Assert.Equal("2", await QueryAsync(client, """iskra_test_duration_seconds_bucket{le="+Inf"}"""));
            Assert.Equal("1", await QueryAsync(client, """up{job="iskra"}"""));
            Assert.NotEqual("0", await QueryAsync(client, "iskra_process_memory_usage_bytes"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Text_CheckedByPromtool_ParsesWithoutFaultInOurNames()
    {
        string program = Requirement.Program("promtool", "apt-get install prometheus");
        await using WebApplication app = await StartAppAsync();
        using HttpClient client = new();
        string text = await client.GetStringAsync(new Uri(app.Urls.First() + "/metrics"), Cancellation);
        ProcessStartInfo start = new(program, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string report = await promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.WaitForExitAsync(Cancellation);

        // 3 means advice on names; those of the framework's instruments aren't ours to choose.
        Assert.True(promtool.ExitCode is 0 or 3, report);
        Assert.DoesNotContain(report.Split('\n'), line => line.StartsWith("iskra_", StringComparison.Ordinal));
    }

    private static async Task<WebApplication> StartAppAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddIskraTelemetry(builder.Configuration);
        WebApplication app = builder.Build();
        app.MapIskraMetrics();
        await app.StartAsync(Cancellation);
        Meter meter = app.Services.GetRequiredService<IMeterFactory>().Create("Iskra.Test");
        meter.CreateCounter<long>("iskra.test.transfers", "{transfer}", "Transfers.")
            .Add(3, new KeyValuePair<string, object?>("result", "ok \"q\" \\"));
        Histogram<double> duration = meter.CreateHistogram<double>("iskra.test.duration", "s", "Time.");
        duration.Record(0.2);
        duration.Record(20);
        return app;
    }

    // Until the first scrape there is no answer.
    private static async Task<string> QueryAsync(HttpClient client, string query)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            try
            {
                string json = await client.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query), patience.Token);
                JsonElement result = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("result");
                if (result.GetArrayLength() > 0)
                {
                    return result[0].GetProperty("value")[1].GetString()!;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        return "";
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
