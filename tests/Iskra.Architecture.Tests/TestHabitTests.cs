namespace Iskra.Architecture.Tests;

public sealed class TestHabitTests
{
    [Fact]
    public void Tests_InRepository_DoNotSleep() => TestRules.NoSleeps(Repository.Tests).AssertClean();

    [Fact]
    public void Tests_InRepository_AreNotSwitchedOff() => TestRules.NoSkips(Repository.Tests).AssertClean();

    [Fact]
    public void Tests_InRepository_AreNamedForWhatTheyShow() => TestRules.Names(Repository.Tests).AssertClean();

    [Fact]
    public void Tests_InRepository_Assert() => TestRules.Assertions(Repository.Tests).AssertClean();

    [Fact]
    public void NoSleeps_SleepAndLongDelay_AreReported()
        => TestRules.NoSleeps([new SourceFile("tests/A.cs", """
            class A
            {
                async Task M()
                {
                    Thread.Sleep(1);
                    await Task.Delay(100, token);
                    await Task.Delay(TimeSpan.FromSeconds(0.5));
                    await Task.Delay(20, token);
                    await Task.Delay(TimeSpan.FromHours(1), timeProvider);
                    await Task.Delay(TimeSpan.FromSeconds(5), timeProvider, token);
                }
            }
            """)]).AssertReports("Thread.Sleep(1)", "Task.Delay(100", "FromSeconds(0.5)");

    [Fact]
    public void NoSkips_SkippedFact_IsReported()
        => TestRules.NoSkips([new SourceFile("tests/A.cs", """
            class A { [Fact(Skip = "later")] void Off() { } [Fact(Skip = "no server", SkipUnless = nameof(Has))] void Sometimes() { } }
            """)]).AssertReports("Off is switched off");

    [Fact]
    public void Names_WithoutParts_AreReported()
        => TestRules.Names(
            [new SourceFile("tests/A.cs",
            "class A { [Fact] void Works() { } [Theory] void Add_overflow_Throws() { } [Fact] void Add_Overflow_Throws() { } }")])
            .AssertReports("Works is not", "Add_overflow_Throws is not");

    [Fact]
    public void Assertions_TestWithoutOne_IsReported()
        => TestRules.Assertions([new SourceFile("tests/A.cs", """
            class A
            {
                [Fact] void Nothing() { Run(); Assert.Skip("x"); }
                [Fact] void Direct() { Assert.True(true); }
                [Fact] void Indirect() { Helper(); }
                [Fact] void Group() { Run(Check); }
                void Helper() => Check(1);
                void Check(int x) => Assert.Equal(1, x);
                void Run() { }
            }
            """)]).AssertReports("Nothing asserts nothing");
}
