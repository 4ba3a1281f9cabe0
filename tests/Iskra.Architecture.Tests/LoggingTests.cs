namespace Iskra.Architecture.Tests;

public sealed class LoggingTests
{
    [Fact]
    public void Calls_InProduct_GoThroughLoggerMessage() => LoggingRules.OnlyLoggerMessage(Repository.Product).AssertClean();

    [Fact]
    public void EventIds_InProduct_AreUniqueAndInRange() => LoggingRules.EventIds(Repository.Product).AssertClean();

    [Fact]
    public void Calls_OnTheLogger_AreReported()
        => LoggingRules.OnlyLoggerMessage([new SourceFile("src/A.cs", """
            class A { void M() { logger.LogInformation("x"); logger.Log(LogLevel.Error, "x"); Log.Started(logger); Math.Log(2); } }
            """)]).AssertReports("logger.LogInformation", "logger.Log logs");

    [Fact]
    public void EventIds_TwiceOutOfRangeOrMissing_AreReported()
        => LoggingRules.EventIds([
            new SourceFile("src/Modules/Cards/Log.cs", """
                static partial class Log
                {
                    [LoggerMessage(2000, LogLevel.Information, "a")] static partial void A(ILogger logger);
                    [LoggerMessage(EventId = 2_000, Level = LogLevel.Information, Message = "b")] static partial void B(ILogger logger);
                    [LoggerMessage(EventId = 99, Level = LogLevel.Information, Message = "c")] static partial void C(ILogger logger);
                    [LoggerMessage(LogLevel.Information, "d")] static partial void D(ILogger logger);
                }
                """),
            new SourceFile("src/Modules/Cards/Ledger.cs",
                "class Ledger { [LoggerMessage(2001, LogLevel.Debug, \"e\")] partial void E(); }"),
            new SourceFile("src/Modules/Nowhere/Log.cs", "class Log { [LoggerMessage(7, LogLevel.Debug, \"f\")] partial void F(); }"),
        ]).AssertReports(
            "2000 is used twice", "99 is outside 2000-2999",
            "without a written event id",
            "outside a Log.cs", "src/Modules/Nowhere has no range");
}
