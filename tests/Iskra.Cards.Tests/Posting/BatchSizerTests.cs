using Iskra.Modules.Cards.Posting;

namespace Iskra.Cards.Tests.Posting;

public sealed class BatchSizerTests
{
    private static readonly PostingOptions Options = new()
    {
        CommitTransfersMin = 100,
        CommitTransfersMax = 1_000,
        CommitTargetMilliseconds = 20,
    };

    [Fact]
    public void Observe_FullAndFastCommits_GrowToTheLimit()
    {
        BatchSizer sizer = new(Options);
        for (int commit = 0; commit < 50; commit++)
        {
            sizer.Observe(sizer.Size, sizer.Size, TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal(1_000, sizer.Size);
    }

    [Fact]
    public void Observe_SlowCommits_ShrinkToTheMinimum()
    {
        BatchSizer sizer = new(Options);
        sizer.Observe(100, 100, TimeSpan.FromMilliseconds(1));
        for (int commit = 0; commit < 20; commit++)
        {
            sizer.Observe(sizer.Size, sizer.Size, TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(100, sizer.Size);
    }

    [Fact]
    public void Observe_SmallCommits_LeaveTheSizeAlone()
    {
        BatchSizer sizer = new(Options);
        sizer.Observe(3, 3, TimeSpan.FromMilliseconds(1));
        Assert.Equal(100, sizer.Size);
    }

    [Fact]
    public void Wait_LoneCaller_NeverWaits()
    {
        BatchSizer sizer = new(Options);
        sizer.Observe(1, 1, TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.Zero, sizer.Wait(0));
    }

    [Fact]
    public void Wait_CallersThatComeBack_IsBounded()
    {
        BatchSizer sizer = new(Options);
        sizer.Observe(64, 64, TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromMicroseconds(Options.GatherMicrosecondsMax), sizer.Wait(10));
        Assert.Equal(TimeSpan.Zero, sizer.Wait(40));
    }
}
