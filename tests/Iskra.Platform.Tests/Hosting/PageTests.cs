using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Iskra.Platform.Tests.Hosting;

public sealed class PageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Cursor_Number_ComesBack(long value)
    {
        Assert.True(PageCursor.TryDecode(PageCursor.Encode(value), out long decoded));
        Assert.Equal(value, decoded);
    }

    [Fact]
    public void Cursor_GuidAndText_ComeBack()
    {
        Guid id = Guid.CreateVersion7();
        Assert.True(PageCursor.TryDecode(PageCursor.Encode(id), out Guid decoded));
        Assert.Equal(id, decoded);
        Assert.True(PageCursor.TryDecode(PageCursor.Encode("счёт 1"), out string text));
        Assert.Equal("счёт 1", text);
    }

    [Theory]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Cursor_OfNobody_IsRefused(string cursor)
    {
        Assert.False(PageCursor.TryDecode(cursor, out long _));
        Assert.False(PageCursor.TryDecode(cursor, out Guid _));
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=500", 500)]
    [InlineData("?limit=0", null)]
    [InlineData("?limit=501", null)]
    [InlineData("?limit=+5", null)]
    [InlineData("?limit=5&limit=6", null)]
    [InlineData("?cursor=", null)]
    public void Request_Query_IsReadOrRefused(string query, int? limit)
    {
        DefaultHttpContext context = new();
        context.Request.QueryString = new QueryString(query);
        Assert.Equal(limit is not null, PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem));
        Assert.Equal(limit, page?.Limit);
        Assert.Equal(limit is null, problem is not null);
    }

    [Fact]
    public void From_OneRowMore_GivesACursor()
    {
        Page<int> page = Page.From([1, 2, 3], 2, row => PageCursor.Encode(row));
        Assert.Equal([1, 2], page.Items);
        Assert.Equal(PageCursor.Encode(2L), page.NextCursor);
        Assert.Null(Page.From([1, 2], 2, row => PageCursor.Encode(row)).NextCursor);
    }
}
