namespace Iskra.Architecture.Tests;

public sealed class TenantTests
{
    [Fact]
    public void Queries_OfTheProduct_NameATenantOrHaveAReason()
        => TenantRules.QueriesNameATenant(
            [.. Repository.Files.Where(file => file.IsUnder("src") && file.Path.EndsWith(".sql", StringComparison.Ordinal))],
            Repository.Product,
            Repository.File(TenantRules.AllowList)).AssertClean();

    [Fact]
    public void Queries_WithoutTenantAndStaleEntry_AreReported()
        => TenantRules.QueriesNameATenant(
            [
                new SourceFile("1.sql", "create table notes (\n id integer\n);\nalter table notes add column tenant_id integer;"),
                new SourceFile("2.sql", "create table notes_2 (\n tenant_id integer\n);\nalter table notes_2 rename to pages;"),
            ],
            [
                new SourceFile(
                    "src/A.cs",
                    """
                    class A
                    {
                        string good = "select id from notes where tenant_id = @tenant";
                        string sum = "select id from notes where " + "tenant_id = @tenant";
                        string other = "select id from others";
                        string bad = "select id from notes where id = @id";
                        string page = "update pages set text = ''";
                        string system = "select id from notes order by age";
                    }
                    """),
            ],
            new SourceFile(
                "allow.txt",
                "# comment\nA.cs: order by age: the clean-up goes through all tenants\nA.cs: gone: a long enough reason\n"))
                .AssertReports("from notes where id = @id", "update pages", "'gone' is no query");
}
