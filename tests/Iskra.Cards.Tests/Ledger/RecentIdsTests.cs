using Iskra.Modules.Cards.Ledger;

namespace Iskra.Cards.Tests.Ledger;

public sealed class RecentIdsTests
{
    [Fact]
    public void NeedsLookup_AboveEveryForgottenId_IsDecisive()
    {
        RecentIds recent = new(3);
        recent.Reset(10);
        Assert.True(recent.NeedsLookup(7));
        Assert.False(recent.NeedsLookup(11));
        recent.Add(11, 1);
        recent.Add(12, 2);
        recent.Add(20, 3);
        Assert.False(recent.NeedsLookup(15));
        recent.Add(21, 4);
        Assert.True(recent.NeedsLookup(11));
        Assert.False(recent.NeedsLookup(15));
    }

    [Fact]
    public void RemoveNewest_AfterWrap_TakesBackOnlyThatId()
    {
        RecentIds recent = new(2);
        recent.Reset(0);
        recent.Add(1, 1);
        recent.Add(2, 2);
        recent.Add(3, 3);
        recent.RemoveNewest();
        Assert.False(recent.TryGetSequence(3, out _));
        Assert.True(recent.TryGetSequence(2, out long sequence));
        Assert.Equal(2, sequence);
        recent.Add(4, 3);
        Assert.True(recent.TryGetSequence(4, out _));
    }

    [Fact]
    public void RemoveNewest_Empty_IsMisuse()
    {
        RecentIds recent = new(2);
        Assert.Throws<InvalidOperationException>(recent.RemoveNewest);
    }
}
