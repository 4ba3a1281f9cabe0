using System.Net;
using System.Text.RegularExpressions;
using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iskra.EndToEnd.Tests.Browser;

/// <summary>What a person does first, in a real browser on the real program.</summary>
public sealed partial class BrowserTests
{
    private const int NarrowWidth = 360;

    [Fact]
    public async Task WebApp_FirstVisit_PostsATransferAndShowsThePulse()
    {
        string web = WebSources.Built();
        string axe = WebSources.Axe();
        using TestFolder folder = new();
        await using IskraProcess iskra = await IskraProcess.StartAsync(
            folder["data"], new Dictionary<string, string?> { ["ISKRA__Web__Folder"] = web });
        await using BrowserSession browser = await BrowserSession.StartAsync(iskra.Address, axe);
        IPage page = browser.Page;
        List<string> barriers = [];

        await page.GotoAsync("/");
        barriers.AddRange(await LookAsync(browser, "1-sign-in"));
        await SignInAsync(page);
        await CreateAccountAsync(page, "Settlement", "Asset");
        await CreateAccountAsync(page, "Customer", "Liability");
        barriers.AddRange(await LookAsync(browser, "2-accounts"));
        await PostTransferAsync(page);
        barriers.AddRange(await LookAsync(browser, "3-posted"));
        await OpenStatementAsync(page);
        barriers.AddRange(await LookAsync(browser, "4-statement"));

        await SeePulseMoveAsync(iskra, page);
        barriers.AddRange(await LookAsync(browser, "5-pulse"));
        await SwitchToRussianAndDarkAsync(page);
        barriers.AddRange(await LookAsync(browser, "6-pulse-russian-dark"));
        await SeeNarrowPagesAsync(browser, barriers);

        Assert.True(barriers.Count == 0, string.Join('\n', barriers));
        Assert.Empty(browser.Errors);
    }

    private static async Task<IReadOnlyList<string>> LookAsync(BrowserSession browser, string name)
    {
        IReadOnlyList<string> barriers = await browser.FindBarriersAsync();
        await browser.ScreenshotAsync(name);
        return barriers;
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.Locator("input[name=apiKey]").FillAsync(IskraProcess.AdminKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("#main")).ToBeVisibleAsync();
    }

    private static async Task CreateAccountAsync(IPage page, string name, string kind)
    {
        await page.GotoAsync("/cards/accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "New account" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByText(kind, new() { Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = name }).First).ToBeVisibleAsync();
    }

    private static async Task PostTransferAsync(IPage page)
    {
        await page.GotoAsync("/cards/transfers/new");
        await PickAsync(page, "From account", "Settlement");
        await PickAsync(page, "To account", "Customer");
        await page.GetByLabel("Amount").FillAsync("1234.50");
        await page.GetByLabel("Reference").FillAsync("First transfer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Post the transfer" }).ClickAsync();
        await Expect(page.GetByTestId("posted")).ToBeVisibleAsync();
    }

    private static async Task PickAsync(IPage page, string label, string account)
    {
        ILocator input = page.GetByRole(AriaRole.Combobox, new() { Name = label }).Or(
            page.GetByRole(AriaRole.Textbox, new() { Name = label })).First;
        await input.FillAsync(account);
        await page.GetByRole(AriaRole.Option, new() { Name = account }).ClickAsync();
    }

    private static async Task OpenStatementAsync(IPage page)
    {
        await page.GotoAsync("/cards/accounts");
        await page.GetByRole(AriaRole.Link, new() { Name = "Customer" }).First.ClickAsync();
        ILocator row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "First transfer" });
        await Expect(row).ToContainTextAsync("Settlement");
        await Expect(row).ToContainTextAsync(Amount());
    }

    private static async Task SeePulseMoveAsync(IskraProcess iskra, IPage page)
    {
        using CancellationTokenSource stop = new();
        Guid debit = await iskra.OpenAccountAsync("asset", "Background debit");
        Guid credit = await iskra.OpenAccountAsync("liability", "Background credit");
        Task<int> load = PostUntilAsync(iskra.Client, debit, credit, stop.Token);
        try
        {
            await page.GotoAsync("/");
            ILocator total = page.GetByTestId("total");
            await Expect(total).ToHaveTextAsync(Number());
            string before = await total.InnerTextAsync();
            await Expect(total).Not.ToHaveTextAsync(before);
            await Expect(page.GetByTestId("tps")).ToHaveTextAsync(PositiveNumber());
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.True(await load > 0, "The background client posted nothing.");
    }

    private static async Task<int> PostUntilAsync(HttpClient client, Guid debit, Guid credit, CancellationToken stop)
    {
        int posted = 0;
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(20));
        while (!stop.IsCancellationRequested)
        {
            Answer answer = await client.PostAnswerAsync(
                ApiCalls.Transfers,
                new { id = Guid.CreateVersion7(), debitAccountId = debit, creditAccountId = credit, amountMinor = 100, currency = "RUB" });
            Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
            posted++;
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return posted;
    }

    private static async Task SwitchToRussianAndDarkAsync(IPage page)
    {
        await page.GetByText("RU", new() { Exact = true }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Пульс");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "ru");
        await page.Locator("button[aria-haspopup=menu]").First.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem).Nth(1).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-mantine-color-scheme", "dark");
        await Expect(page.GetByRole(AriaRole.Menu)).ToBeHiddenAsync();
    }

    /// <summary>On a small phone nothing but tables may be wider than the screen.</summary>
    private static async Task SeeNarrowPagesAsync(BrowserSession browser, List<string> barriers)
    {
        await browser.Page.SetViewportSizeAsync(NarrowWidth, 740);
        (string Name, string Address)[] pages = [("pulse", "/"), ("accounts", "/cards/accounts"), ("transfer", "/cards/transfers/new")];
        foreach ((string name, string address) in pages)
        {
            await browser.Page.GotoAsync(address);
            await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            barriers.AddRange(await LookAsync(browser, "7-narrow-" + name));
            int width = await browser.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(width <= NarrowWidth, $"{address} is {width} pixels wide.");
        }
    }

    [GeneratedRegex(@"1.234\.50")]
    private static partial Regex Amount();

    [GeneratedRegex(@"\d")]
    private static partial Regex Number();

    [GeneratedRegex("[1-9]")]
    private static partial Regex PositiveNumber();
}
