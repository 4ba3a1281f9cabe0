using Iskra.Modules.Cards.CardRegistry;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Cards.Tests.CardRegistry;

public abstract class CardRegistryStoreTests : StoreTests
{
    private const string Number = "4111111111111111";
    private const string OtherNumber = "5555555555554444";

    [Fact]
    public async Task Register_New_IsFoundByIdAccountAndNumber()
    {
        await using LedgerHarness ledger = await StartAsync();
        CardRegistration card = await CardAsync(ledger);
        CardOutcome outcome = await Cards(ledger).RegisterAsync(TenantId.Default, card, CancellationToken.None);
        Assert.Equal(CardStatus.Ok, outcome.Status);
        CardItem item = CardItem.From(outcome.Card!);
        Assert.Equal(("411111", "1111", 12, 2030), (item.Bin, item.Last4, item.ExpiryMonth, item.ExpiryYear));
        Assert.Equal(card.Id, item.Token);
        Assert.Equal(card.AccountId, item.AccountId);
        Assert.Equal(card.Id, (await Cards(ledger).LookUpAsync(TenantId.Default, Number, CancellationToken.None))!.Id);
        Assert.Null(await Cards(ledger).LookUpAsync(TenantId.Default, OtherNumber, CancellationToken.None));
        Assert.Single(await Cards(ledger).ListAsync(TenantId.Default, card.AccountId, null, 10, CancellationToken.None));
        Assert.Empty(await Cards(ledger).ListAsync(TenantId.Default, Guid.CreateVersion7(), null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Register_Again_AnswersByWhatDiffers()
    {
        await using LedgerHarness ledger = await StartAsync();
        CardRegistration card = await CardAsync(ledger);
        Guid otherAccount = Guid.CreateVersion7();
        await ledger.OpenAsync(otherAccount);
        Assert.Equal(CardStatus.Ok, await RegisterAsync(ledger, card));
        Assert.Equal(CardStatus.Exists, await RegisterAsync(ledger, card));
        Assert.Equal(CardStatus.ExistsWithDifferentAccount, await RegisterAsync(ledger, With(card, accountId: otherAccount)));
        Assert.Equal(CardStatus.ExistsWithDifferentNumber, await RegisterAsync(ledger, With(card, number: OtherNumber)));
        Assert.Equal(CardStatus.ExistsWithDifferentExpiry, await RegisterAsync(ledger, With(card, year: 2031)));
        Assert.Equal(CardStatus.NumberRegistered, await RegisterAsync(ledger, With(card, id: Guid.CreateVersion7())));
        Assert.Equal(
            CardStatus.AccountNotFound,
            await RegisterAsync(ledger, With(card, id: Guid.CreateVersion7(), accountId: Guid.CreateVersion7(), number: OtherNumber)));
    }

    [Fact]
    public async Task Register_OneNumberByManyAtOnce_OneWins()
    {
        await using LedgerHarness ledger = await StartAsync();
        CardRegistration card = await CardAsync(ledger);
        CardStatus[] statuses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => RegisterAsync(ledger, With(card, id: Guid.CreateVersion7()))));
        Assert.Equal(1, statuses.Count(status => status == CardStatus.Ok));
        Assert.Equal(19, statuses.Count(status => status == CardStatus.NumberRegistered));
    }

    [Fact]
    public async Task List_ManyCards_PagesNewestFirst()
    {
        await using LedgerHarness ledger = await StartAsync();
        CardRegistration card = await CardAsync(ledger);
        string[] numbers = ["4111111111111111", "5555555555554444", "378282246310005"];
        foreach (string number in numbers)
        {
            Assert.Equal(CardStatus.Ok, await RegisterAsync(ledger, With(card, id: Guid.CreateVersion7(), number: number)));
        }

        IReadOnlyList<CardRow> first = await Cards(ledger).ListAsync(TenantId.Default, card.AccountId, null, 2, CancellationToken.None);
        Assert.Equal(["0005", "4444", "1111"], first.Select(row => row.Last4));
        IReadOnlyList<CardRow> second = await Cards(ledger).ListAsync(TenantId.Default, null, first[1].Key, 2, CancellationToken.None);
        Assert.Equal("1111", Assert.Single(second).Last4);
    }

    private protected Task<LedgerHarness> StartAsync() =>
        LedgerHarness.StartAsync(Options, new Dictionary<string, string?> { ["Data:Folder"] = Options.Folder });

    private protected static CardRegistryStore Cards(LedgerHarness ledger) => ledger.Services.GetRequiredService<CardRegistryStore>();

    private protected static async Task<CardRegistration> CardAsync(LedgerHarness ledger)
    {
        Guid account = Guid.CreateVersion7();
        await ledger.OpenAsync(account);
        return new CardRegistration
        {
            Id = Guid.CreateVersion7(),
            AccountId = account,
            Number = Number,
            ExpiryMonth = 12,
            ExpiryYear = 2030,
        };
    }

    private static async Task<CardStatus> RegisterAsync(LedgerHarness ledger, CardRegistration card) =>
        (await Cards(ledger).RegisterAsync(TenantId.Default, card, CancellationToken.None)).Status;

    private static CardRegistration With(
        CardRegistration card, Guid? id = null, Guid? accountId = null, string? number = null, int? year = null) => new()
        {
            Id = id ?? card.Id,
            AccountId = accountId ?? card.AccountId,
            Number = number ?? card.Number,
            ExpiryMonth = card.ExpiryMonth,
            ExpiryYear = year ?? card.ExpiryYear,
        };
}

public sealed class SqliteCardRegistryStoreTests : CardRegistryStoreTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    [Fact]
    public async Task Register_Number_IsInNoFileInClear()
    {
        CardRegistration card;
        await using (LedgerHarness ledger = await StartAsync())
        {
            card = await CardAsync(ledger);
            Assert.Equal(CardStatus.Ok, (await Cards(ledger).RegisterAsync(TenantId.Default, card, CancellationToken.None)).Status);
            AssertNowhere(card.Number);
        }

        AssertNowhere(card.Number);
    }

    private void AssertNowhere(string number)
    {
        string[] files = Directory.GetFiles(Options.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("iskra.db", StringComparison.Ordinal));
        byte[] middle = System.Text.Encoding.ASCII.GetBytes(number[4..^2]);
        byte[] wide = System.Text.Encoding.Unicode.GetBytes(number[4..^2]);
        foreach (string file in files.Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            Assert.Equal(-1, content.AsSpan().IndexOf(middle));
            Assert.Equal(-1, content.AsSpan().IndexOf(wide));
        }
    }
}

public sealed class PostgresCardRegistryStoreTests : CardRegistryStoreTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
