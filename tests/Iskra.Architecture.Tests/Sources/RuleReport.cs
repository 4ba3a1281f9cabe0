namespace Iskra.Architecture.Tests.Sources;

/// <summary>What a rule looked at and what it found. A rule that looked at nothing proves nothing, hence the count.</summary>
internal sealed record RuleReport(int Subjects, IReadOnlyList<Violation> Violations)
{
    public static RuleReport Over<T>(IEnumerable<T> subjects, Func<T, IEnumerable<Violation>> check)
    {
        List<T> found = [.. subjects];
        return new RuleReport(found.Count, [.. found.SelectMany(check)]);
    }

    /// <summary>The rule has subjects and none of them breaks it.</summary>
    public void AssertClean()
    {
        Assert.True(Subjects > 0, "The rule found nothing to look at, so it can't fail: mend its discovery.");
        Assert.True(Violations.Count == 0, $"{Violations.Count} violation(s):\n" + string.Join('\n', Violations));
    }

    /// <summary>The canary: the rule, given bad code, says so once for each expected fragment and says nothing else.</summary>
    public void AssertReports(params string[] fragments)
    {
        Assert.Equal(fragments.Length, Violations.Count);
        foreach (string fragment in fragments)
        {
            Assert.Contains(Violations, violation => violation.Message.Contains(fragment, StringComparison.Ordinal));
        }
    }
}
