using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public sealed class RunningRulesTests
{
    private static readonly JobTypeOptions Type = new()
    {
        Name = "a.b",
        WorkersMin = 2,
        WorkersMax = 16,
        BackoffFirst = TimeSpan.FromSeconds(1),
        BackoffMax = TimeSpan.FromSeconds(10),
        Jitter = 0.5,
    };

    [Fact]
    public void WaitAfter_FailuresInARow_DoublesToItsLimitWithJitter()
    {
        Assert.Equal(1, RetryPolicy.WaitAfter(Type, 1, 1).TotalSeconds);
        Assert.Equal(0.5, RetryPolicy.WaitAfter(Type, 1, 0).TotalSeconds);
        Assert.Equal(4, RetryPolicy.WaitAfter(Type, 3, 1).TotalSeconds);
        Assert.Equal(10, RetryPolicy.WaitAfter(Type, 1_000, 1).TotalSeconds);
        Assert.Equal(10, RetryPolicy.WaitAfter(Type with { Jitter = 0 }, 1_000, 0).TotalSeconds);
    }

    [Fact]
    public void Available_TwoProcesses_ShareTheRate()
    {
        TestTimeProvider time = new();
        RateGate gate = new(10, time);
        Assert.Equal(10, gate.Available(100));
        gate.Take(10);
        Assert.Equal(0, gate.Available(100));
        Assert.Equal(0.1, gate.UntilNext().TotalSeconds, 3);
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(5, gate.Available(100));
        gate.Take(5);
        gate.SetProcesses(2);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, gate.Available(100));
        Assert.Equal(3, gate.Available(3));
    }

    [Fact]
    public void Next_BacklogThatGrowsOld_DoublesToTheMaximum()
    {
        WorkerScaler scaler = new(Type, new JobsOptions());
        int workers = 2;
        List<int> seen = [];
        for (int second = 0; second < 5; second++)
        {
            workers = scaler.Next(workers, workers, 1_000, TimeSpan.FromSeconds(5), 10, TimeSpan.FromSeconds(1));
            seen.Add(workers);
        }

        Assert.Equal([4, 8, 16, 16, 16], seen);
    }

    [Fact]
    public void Next_DeepButFastQueue_StaysAsItIs()
    {
        WorkerScaler scaler = new(Type, new JobsOptions());
        // A thousand jobs at ten thousand a second: gone in a tenth of a second.
        Assert.Equal(2, scaler.Next(2, 2, 1_000, TimeSpan.FromMilliseconds(50), 10_000, TimeSpan.FromSeconds(1)));
        // The same depth at a hundred a second takes ten.
        Assert.Equal(4, scaler.Next(2, 2, 1_000, TimeSpan.FromMilliseconds(50), 100, TimeSpan.FromSeconds(1)));
        // Nothing has ended since the last look.
        Assert.Equal(4, scaler.Next(2, 2, 1, TimeSpan.FromMilliseconds(50), 0, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_LoadThatComesAndGoes_DoesNotSwing()
    {
        WorkerScaler scaler = new(Type, new JobsOptions { ScaleDownAfter = TimeSpan.FromSeconds(30) });
        int workers = 16;
        for (int second = 0; second < 300; second++)
        {
            // Idle for twenty seconds of every twenty-five.
            long depth = second % 25 < 5 ? 3 : 0;
            workers = scaler.Next(workers, depth > 0 ? 16 : 0, depth, TimeSpan.Zero, 100, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(16, workers);
    }

    [Fact]
    public void Next_QuietForLong_ShrinksStepByStepToTheMinimum()
    {
        WorkerScaler scaler = new(Type, new JobsOptions { ScaleDownAfter = TimeSpan.FromSeconds(30) });
        int workers = 16;
        int seconds = 0;
        List<int> seen = [workers];
        while (workers > 2)
        {
            workers = scaler.Next(workers, 0, 0, TimeSpan.Zero, 0, TimeSpan.FromSeconds(1));
            seconds++;
            if (seen[^1] != workers)
            {
                seen.Add(workers);
            }
        }

        Assert.Equal([16, 12, 9, 7, 6, 5, 4, 3, 2], seen);
        Assert.Equal(240, seconds);
    }

    [Fact]
    public void Describe_ExceptionWithSecrets_IsScrubbedAndCut()
    {
        JobErrors errors = new(text => text.Replace("hunter2", "***", StringComparison.Ordinal));
        Exception exception = new InvalidOperationException("outer", new FormatException("password hunter2 \0 \ud800"));
        Assert.Equal(
            "InvalidOperationException: outer\nFormatException: password *** \uFFFD \uFFFD", errors.Describe(exception, 1_000));
        Assert.Equal(10, errors.Describe(exception, 10).Length);
    }

    [Theory]
    [InlineData("Upper", "regular expression")]
    [InlineData("ok", null)]
    public void Check_Name_FollowsTheRule(string name, string? fault)
    {
        JobType type = new(Type with { Name = name }, _ => new TestJob(), null);
        Exception? exception = Record.Exception(type.Check);
        Assert.Equal(fault is null, exception is null);
        Assert.Contains(fault ?? "", exception?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DeclarationThatContradictsItself_IsRefused()
    {
        JobTypeOptions[] bad =
        [
            Type with { WorkersMin = 17 },
            Type with { Overrun = OverrunAction.Fallback },
            Type with { Target = TimeSpan.FromSeconds(2), Maximum = TimeSpan.FromSeconds(1) },
            Type with { Maximum = TimeSpan.Zero },
            Type with { Overrun = (OverrunAction)99 },
            Type with { FailuresMax = 0 },
        ];
        Assert.All(bad, options => Assert.Throws<InvalidOperationException>(new JobType(options, _ => new TestJob(), null).Check));
        Assert.Throws<InvalidOperationException>(
            () => new JobTypes([new JobType(Type, _ => new TestJob(), null), new JobType(Type, _ => new TestJob(), null)]));
    }
}
