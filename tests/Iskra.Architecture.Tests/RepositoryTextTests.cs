namespace Iskra.Architecture.Tests;

public sealed class RepositoryTextTests
{
    [Fact]
    public void Files_OfRepository_NameNoMachine() => TextRules.NoHostPaths(Repository.Files).AssertClean();

    [Fact]
    public void Files_OfRepository_HoldNoSecret() => TextRules.NoSecrets(Repository.Files).AssertClean();

    [Fact]
    public void Links_OfDocuments_LeadSomewhere()
        => TextRules.Links(
            [.. Repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal))],
            path => Path.Exists(Path.Combine(Repository.Root, path))).AssertClean();

    [Fact]
    public void Links_ToNowhere_AreReported()
        => TextRules.Links(
            [new SourceFile("docs/a.md", "[a](adr/b.md#c) [d](../e.md) [f](https://example.org/g) [h](#i)")],
            path => path == "e.md").AssertReports("adr/b.md leads nowhere");

    [Fact]
    public void Decisions_OfRepository_AreInTheIndex() => TextRules.DecisionIndex(Repository.Files).AssertClean();

    [Fact]
    public void Decisions_WithoutEntry_AreReported()
        => TextRules.DecisionIndex([
            new SourceFile("docs/adr/README.md", "- [0001 One](0001-one.md)"),
            new SourceFile("docs/adr/0001-one.md", "# 0001"),
            new SourceFile("docs/adr/0002-two.md", "# 0002"),
        ]).AssertReports("0002-two.md is not");

    [Fact]
    public void NoHostPaths_PathsOfOneMachine_AreReported()
    {
        string home = "/ho" + "me/alice/iskra";
        string scratch = "/tm" + "p/wt/house";
        TextRules.NoHostPaths([new SourceFile("a.md", $"see {home}\nand {scratch}\nnot ~/home/x nor /tmp/data\n")])
            .AssertReports("/alice/", "/wt");
    }

    [Fact]
    public void NoSecrets_KeyWithSecret_IsReported()
        => TextRules.NoSecrets([new SourceFile("a.md", "isk_" + "abcd1234_" + new string('x', 40) + "\nisk_abcd1234_…\n")])
            .AssertReports("API key");
}
