namespace Iskra.Architecture.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Files_InRepository_KeepTheirLimits() => SizeRules.Files(Repository.CSharp).AssertClean();

    [Fact]
    public void Methods_InRepository_KeepTheirLimit() => SizeRules.Methods(Repository.CSharp).AssertClean();

    [Fact]
    public void Program_InHost_ReadsLikeAList() => SizeRules.Program(Repository.Product).AssertClean();

    [Fact]
    public void Files_LongFileAndLongLine_AreReported()
    {
        SourceFile file = new("src/A.cs", string.Concat(Enumerable.Repeat("//\n", 501)) + new string('x', 141));
        SizeRules.Files([file]).AssertReports("file has 502 lines", "line has 141 characters");
    }

    [Fact]
    public void Methods_SeventyOneLines_AreReported()
    {
        // The attribute and the comment are free, the signature and the braces count.
        string body = string.Concat(Enumerable.Repeat("        ;\n", 68));
        SourceFile file = new(
            "src/A.cs",
            $"class A\n{{\n    // why\n    [X]\n    void Long()\n    {{\n{body}    }}\n    int Fits()\n    {{\n{body[..^10]}    }}\n}}\n");
        SizeRules.Methods([file]).AssertReports("Long has 71 lines");
    }

    [Fact]
    public void Program_EightyLines_IsReported()
        => SizeRules.Program([new SourceFile("src/Host/Program.cs", string.Concat(Enumerable.Repeat("//\n", 80)))])
            .AssertReports("80 lines");
}
