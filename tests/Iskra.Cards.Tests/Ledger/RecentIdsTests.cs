using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Ledger;

public sealed class RecentIdsTests
{
    private static readonly TenantId Other = new(2);

    [Fact]
    public void IsBelowFloor_AboveEveryForgottenId_IsDecisive()
    {
        RecentIds recent = new(3);
        recent.Reset([Id(10)]);
        Assert.True(NeedsLookup(recent, Id(7)));
        Assert.False(NeedsLookup(recent, Id(11)));
        recent.Add(Id(11), 1);
        recent.Add(Id(12), 2);
        recent.Add(Id(20), 3);
        Assert.False(NeedsLookup(recent, Id(15)));
        recent.Add(Id(21), 4);
        Assert.True(NeedsLookup(recent, Id(11)));
        Assert.False(NeedsLookup(recent, Id(15)));
    }

    [Fact]
    public void IsBelowFloor_LargeIdsOfOneTenant_DoNotSlowAnother()
    {
        RecentIds recent = new(2);
        recent.Reset([Id(10), new LedgerId(Other, 1_000)]);
        Assert.True(NeedsLookup(recent, new LedgerId(Other, 1_000)));
        Assert.False(NeedsLookup(recent, Id(11)));
        Assert.False(NeedsLookup(recent, new LedgerId(new TenantId(3), 1)));
        recent.Add(new LedgerId(Other, 2_000), 1);
        recent.Add(new LedgerId(Other, 2_001), 2);
        recent.Add(new LedgerId(Other, 2_002), 3);
        Assert.True(NeedsLookup(recent, new LedgerId(Other, 1_500)));
        Assert.False(NeedsLookup(recent, Id(11)));
    }

    [Fact]
    public void TryGetSequence_SameIdOfAnotherTenant_IsAnotherId()
    {
        RecentIds recent = new(2);
        recent.Reset([]);
        recent.Add(Id(7), 1);
        Assert.False(recent.TryGetSequence(new LedgerId(Other, 7), out _));
        Assert.True(recent.TryGetSequence(Id(7), out _));
    }

    [Fact]
    public void RemoveNewest_AfterWrap_TakesBackOnlyThatId()
    {
        RecentIds recent = new(2);
        recent.Reset([]);
        recent.Add(Id(1), 1);
        recent.Add(Id(2), 2);
        recent.Add(Id(3), 3);
        recent.RemoveNewest();
        Assert.False(recent.TryGetSequence(Id(3), out _));
        Assert.True(recent.TryGetSequence(Id(2), out long sequence));
        Assert.Equal(2, sequence);
        recent.Add(Id(4), 3);
        Assert.True(recent.TryGetSequence(Id(4), out _));
    }

    [Fact]
    public void RemoveNewest_Empty_IsMisuse()
    {
        RecentIds recent = new(2);
        Assert.Throws<InvalidOperationException>(recent.RemoveNewest);
    }

    private static LedgerId Id(UInt128 id) => new(TenantId.Default, id);

    private static bool NeedsLookup(RecentIds recent, LedgerId id)
    {
        recent.Select(id.Tenant);
        return !recent.TryGetSequence(id, out _) && recent.IsBelowFloor(id.Id);
    }
}
