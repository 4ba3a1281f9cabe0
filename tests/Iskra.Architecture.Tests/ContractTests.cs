namespace Iskra.Architecture.Tests;

public sealed class ContractTests
{
    private const string Folder = "src/Modules/A/Contracts";

    [Fact]
    public void Contracts_OfModules_AreDocumented() => ContractRules.Documented(Repository.Product).AssertClean();

    [Fact]
    public void PublicTypes_OfPlatform_AreDocumented() => ContractRules.PlatformDocumented(Repository.Product).AssertClean();

    [Fact]
    public void Contracts_OfModules_AreTyped() => ContractRules.Typed(Repository.Product).AssertClean();

    [Fact]
    public void Enums_OfProduct_AreNumbered() => ContractRules.NumberedEnums(Repository.Product).AssertClean();

    [Fact]
    public void Documented_MissingTexts_AreReported()
        => ContractRules.Documented([new SourceFile(Folder + "/A.cs", """
            namespace X;
            public sealed class Naked { public int Size { get; } private int _hidden; }
            /// <summary>Said.</summary>
            /// <param name="Told">Told.</param>
            public sealed record Point(int Told, int Untold);
            internal sealed class Inside { public int Size { get; } }
            """)]).AssertReports("Naked has no summary", "Size has no summary", "Point.Untold has no param text");

    [Fact]
    public void PlatformDocumented_MissingSummary_IsReported()
        => ContractRules.PlatformDocumented([new SourceFile("src/Platform/Data/A.cs",
            "public interface IThing { void Do(); } internal class B;")])
            .AssertReports("IThing has no summary", "Do has no summary");

    [Fact]
    public void Typed_BareTypes_AreReported()
        => ContractRules.Typed([new SourceFile(Folder + "/A.cs", """
            public sealed record Transfer(Guid Id, long Amount, decimal Rate, double Price, long Sequence, double Percent);
            public sealed record TransferResponse(Guid Id, long AmountMinor, long Balance);
            public readonly record struct TransferId(Guid Value);
            internal sealed record Inside(Guid Id);
            """)]).AssertReports(
                "Id is a bare Guid", "Amount is a bare long", "Rate is decimal",
                "Price is double", "Balance is an amount on the wire");

    [Fact]
    public void NumberedEnums_BareMember_IsReported()
        => ContractRules.NumberedEnums([new SourceFile("src/A.cs",
            "public enum E { A = 0, B } class C { private enum Inner { X } }")])
            .AssertReports("E.B has no written number");
}
