using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Cards.Tests.Contracts;

/// <summary>Numbers that are stored or sent. They may be added to; a change of one is a change of what was written before.</summary>
public sealed class WireNumbersTests
{
    [Theory]
    [InlineData(TransferKind.Post, 1)]
    [InlineData(TransferKind.Pending, 2)]
    [InlineData(TransferKind.PostPending, 3)]
    [InlineData(TransferKind.VoidPending, 4)]
    [InlineData(TransferKind.ExpirePending, 5)]
    public void TransferKind_Number_IsAsStored(TransferKind kind, int number) => Assert.Equal(number, (int)kind);

    [Theory]
    [InlineData(AccountFlags.DebitsMayNotExceedCredits, 1)]
    [InlineData(AccountFlags.CreditsMayNotExceedDebits, 2)]
    [InlineData(AccountFlags.Frozen, 4)]
    public void AccountFlags_Number_IsAsStored(AccountFlags flag, int number) => Assert.Equal(number, (int)flag);

    [Fact]
    public void PendingState_Numbers_AreAsStored()
    {
        PendingState[] states = [PendingState.Open, PendingState.Posted, PendingState.Voided, PendingState.Expired];
        Assert.Equal([0, 1, 2, 3], states.Select(state => (int)state));
    }

    [Fact]
    public void TransferStatus_Numbers_AreTheDocumentedPrecedence()
    {
        string golden = """
            0 Ok, 1 LinkedTransferFailed, 2 LinkedChainOpen, 10 IdMustNotBeZero, 11 AmountMustBePositive, 12 AmountTooLarge,
            13 CodeOutOfRange, 14 ReferenceInvalid, 15 TimeoutOutOfRange, 20 ExistsWithDifferentKind, 21 ExistsWithDifferentPendingId,
            22 ExistsWithDifferentTimeout, 23 ExistsWithDifferentDebitAccount, 24 ExistsWithDifferentCreditAccount,
            25 ExistsWithDifferentAmount, 26 ExistsWithDifferentCurrency, 27 ExistsWithDifferentCode, 28 ExistsWithDifferentReference,
            29 ExistsWithDifferentOccurredAt, 30 Exists, 40 PendingIdRequired, 41 PendingIdMustBeAbsent, 42 TimeoutReservedForPending,
            43 DebitAccountRequired, 44 CreditAccountRequired, 45 AccountsMustBeDifferent, 50 PendingTransferNotFound,
            51 PendingTransferNotPending, 52 PendingTransferHasDifferentDebitAccount, 53 PendingTransferHasDifferentCreditAccount,
            54 PendingTransferAlreadyPosted, 55 PendingTransferAlreadyVoided, 56 PendingTransferExpired, 57 ExceedsPendingAmount,
            58 VoidAmountMustMatch, 60 DebitAccountNotFound, 61 CreditAccountNotFound, 62 AccountsMustHaveSameCurrency,
            63 CurrencyMustMatchAccounts, 64 DebitAccountFrozen, 65 CreditAccountFrozen, 70 OverflowsBalance, 80 ExceedsCredits,
            81 ExceedsDebits
            """;
        string actual = string.Join(' ', Enum.GetValues<TransferStatus>().Select(status => $"{(int)status} {status},")).TrimEnd(',');
        Assert.Equal(string.Join(' ', golden.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), actual);
    }

    [Theory]
    [InlineData("RUB", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    public void Currencies_Known_HasItsDecimals(string code, int decimals)
    {
        Assert.True(Currencies.TryGet(code, out string? canonical));
        Assert.Equal(code, canonical);
        Assert.Equal(decimals, Currencies.DecimalsOf(code));
    }

    [Theory]
    [InlineData("rub")]
    [InlineData("XXX")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("RUBLE")]
    public void Currencies_Unknown_IsRefused(string? code) => Assert.False(Currencies.TryGet(code, out _));
}
