using Iskra.Modules.Cards.CardRegistry;

namespace Iskra.Cards.Tests.CardRegistry;

public sealed class CardNumberTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("5555555555554444")]
    [InlineData("378282246310005")]
    [InlineData("6304000000000000")]
    public void FindFault_ValidNumber_ReturnsNull(string number) => Assert.Null(CardNumber.FindFault(number));

    [Theory]
    [InlineData("", "digits")]
    [InlineData("4111 1111 1111 1111", "only")]
    [InlineData("41111111111", "12 to 19")]
    [InlineData("41111111111111111111", "12 to 19")]
    [InlineData("4111111111111112", "check digit")]
    [InlineData("٤١١١١١١١١١١١١١١١", "only")]
    public void FindFault_WrongNumber_NamesTheRuleAndNoDigits(string number, string part)
    {
        string? fault = CardNumber.FindFault(number);
        Assert.Contains(part, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("card 4111-1111-1111-1111 of Bob", true)]
    [InlineData("4111111111111112", false)]
    [InlineData("596", false)]
    [InlineData("customer-12345", false)]
    public void LooksLikeOne_Text_FindsNumbersWithSeparators(string text, bool expected) =>
        Assert.Equal(expected, CardNumber.LooksLikeOne(text));

    [Fact]
    public void MaskIfLikely_Number_KeepsSixAndFour() => Assert.Equal("411111…1111", CardNumber.MaskIfLikely("4111 1111 1111 1111"));
}
