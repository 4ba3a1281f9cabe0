using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Posting;

namespace Iskra.Cards.Tests.Posting;

public sealed class StatusTableTests
{
    [Fact]
    public void RowOf_EveryStatus_HasASlugAnHttpStatusAndATitle()
    {
        TransferStatus[] all = Enum.GetValues<TransferStatus>();
        Assert.NotEmpty(all);
        foreach (TransferStatus status in all)
        {
            StatusTable.Row row = StatusTable.RowOf(status);
            Assert.Matches("^[a-z]+(-[a-z]+)*$", row.Slug);
            Assert.Contains(row.Http, new[] { 200, 201, 400, 404, 409, 422 });
            Assert.NotEmpty(row.Title);
        }

        Assert.Equal(all.Length, all.Select(StatusTable.SlugOf).Distinct().Count());
    }

    [Theory]
    [InlineData(TransferStatus.ExceedsCredits, "exceeds-credits", 422)]
    [InlineData(TransferStatus.ExistsWithDifferentAmount, "exists-with-different-amount", 409)]
    [InlineData(TransferStatus.DebitAccountNotFound, "debit-account-not-found", 404)]
    [InlineData(TransferStatus.Exists, "exists", 200)]
    public void RowOf_Status_IsTheContract(TransferStatus status, string slug, int http)
    {
        Assert.Equal(slug, StatusTable.SlugOf(status));
        Assert.Equal(http, StatusTable.RowOf(status).Http);
    }
}
