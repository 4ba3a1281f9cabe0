namespace Iskra.Architecture.Tests;

public sealed class DeployTests
{
    private static readonly SourceFile[] Product = [new("src/A.cs", "class A { const string Name = \"iskra.cards.posting.duration\"; }")];

    [Fact]
    public void Configuration_OfRepository_Parses() => DeployRules.Parse(Repository.Files).AssertClean();

    [Fact]
    public void Metrics_OfDeploy_Exist()
        => DeployRules.Metrics([.. Repository.Files.Where(file => file.IsUnder("deploy"))], Repository.Product).AssertClean();

    [Fact]
    public void Parse_BrokenFiles_AreReported()
        => DeployRules.Parse([new SourceFile("a.json", "{ \"a\": }"), new SourceFile("b.yaml", "a: [1\nb: 2"),
            new SourceFile("c.yaml", "a: 1")])
            .AssertReports("JSON does not parse", "YAML does not parse");

    [Fact]
    public void Metrics_UnknownName_IsReported()
        => DeployRules.Metrics(
            [new SourceFile("deploy/rules.yaml", "expr: rate(iskra_cards_posting_duration_seconds_bucket[5m]) / iskra_cards_gone_total")],
            Product)
            .AssertReports("iskra_cards_gone_total");
}
