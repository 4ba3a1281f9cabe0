namespace Iskra.Architecture.Tests;

public sealed class RepositoryTextTests
{
    [Fact]
    public void Files_OfRepository_NameNoMachine() => TextRules.NoHostPaths(Repository.Files).AssertClean();

    [Fact]
    public void Files_OfRepository_HoldNoSecret() => TextRules.NoSecrets(Repository.Files).AssertClean();

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
