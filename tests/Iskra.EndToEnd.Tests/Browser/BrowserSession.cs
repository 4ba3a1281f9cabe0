using System.Collections.Concurrent;
using System.Text.Json;
using Iskra.Testing;
using Microsoft.Playwright;

namespace Iskra.EndToEnd.Tests.Browser;

/// <summary>One page in the system's Chromium; whatever its console reports as an error is kept.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private const float TimeoutMilliseconds = 30_000;

    // Chromium would otherwise look for updates and components on its own.
    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly string _axe;
    private readonly string _screenshots;
    private readonly ConcurrentQueue<string> _errors = new();

    private BrowserSession(IPlaywright playwright, IBrowser browser, IPage page, string axe)
    {
        _playwright = playwright;
        _browser = browser;
        _axe = axe;
        _screenshots = Environment.GetEnvironmentVariable("ISKRA_TEST_SCREENSHOTS")
            ?? Path.Combine(Path.GetTempPath(), "iskra-screenshots");
        Page = page;
        page.Console += (_, message) => Keep(message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Keep(error);
    }

    public IPage Page { get; }

    /// <summary>What the console reported as errors.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public static async Task<BrowserSession> StartAsync(Uri address, string axe)
    {
        string program = Requirement.Program("chromium", "apt-get install chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Switches, Headless = true });
        IPage page = await browser.NewPageAsync(new()
        {
            BaseURL = address.ToString(),
            Locale = "en-GB",
            ColorScheme = ColorScheme.Light,
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
        page.SetDefaultTimeout(TimeoutMilliseconds);
        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        return new BrowserSession(playwright, browser, page, axe);
    }

    /// <summary>Kept for people to look at: in <c>ISKRA_TEST_SCREENSHOTS</c>, or the system's folder for temporary files.</summary>
    public Task ScreenshotAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(_screenshots, name + ".png") });

    /// <summary>Serious and critical findings of axe on the page as it is.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync()
    {
        // Colours in the middle of a transition are neither the one nor the other.
        await Page.WaitForFunctionAsync(
            "() => document.getAnimations().every(animation => animation.effect.getComputedTiming().iterations === Infinity)");
        await Page.EvaluateAsync(_axe);
        JsonElement? result = await Page.EvaluateAsync<JsonElement>("() => axe.run(document)");
        return
        [
            .. result.Value.GetProperty("violations").EnumerateArray()
                .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical")
                .Select(violation => $"{violation.GetProperty("id")} on {Page.Url}: "
                    + string.Join(
                        " | ", violation.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("html").GetString()))),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Keep(string? error)
    {
        if (error is not null)
        {
            _errors.Enqueue(error);
        }
    }
}
