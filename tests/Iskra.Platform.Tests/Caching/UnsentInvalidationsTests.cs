using Iskra.Platform.Caching;

namespace Iskra.Platform.Tests.Caching;

public sealed class UnsentInvalidationsTests
{
    private static readonly string[] Kinds = ["kone", "ktwo"];

    [Fact]
    public void Covers_FailedUntilSent_IsTrue()
    {
        UnsentInvalidations unsent = new(10);
        long batch = unsent.Begin(["gone:1:a", "t1:tag"]);
        Assert.False(unsent.Covers("gone:1:a", "kone", []));
        Assert.True(unsent.Fail(batch, Kinds));
        Assert.True(unsent.Covers("gone:1:a", "kone", []));
        Assert.True(unsent.Covers("gone:1:b", "kone", ["t1:tag"]));
        Assert.False(unsent.Covers("gone:1:b", "kone", []));
        unsent.Sent(unsent.Snapshot());
        Assert.False(unsent.Covers("gone:1:a", "kone", []));
        Assert.Equal(0, unsent.Count);
    }

    [Fact]
    public void FailAll_WhatIsUnderWay_FailsAndWhatIsConfirmedDoesNot()
    {
        UnsentInvalidations unsent = new(10);
        unsent.Confirm(unsent.Begin(["gone:1:a"]));
        unsent.Begin(["gone:1:b"]);
        Assert.True(unsent.FailAll(Kinds));
        Assert.Equal(["gone:1:b"], unsent.Snapshot());
    }

    [Fact]
    public void Fail_BeyondTheLimit_KindsStandForKeys()
    {
        UnsentInvalidations unsent = new(2);
        Assert.False(unsent.Fail(unsent.Begin(["gone:1:a", "gone:1:b", "gone:1:c"]), Kinds));
        Assert.True(unsent.Covers("gone:1:z", "kone", []));
        Assert.Equal(2, unsent.Count);
    }
}
