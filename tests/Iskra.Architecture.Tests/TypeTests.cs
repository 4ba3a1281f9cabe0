namespace Iskra.Architecture.Tests;

public sealed class TypeTests
{
    [Fact]
    public void Classes_InRepository_AreSealedStaticOrAbstract() => TypeRules.Sealed(Repository.CSharp).AssertClean();

    [Fact]
    public void Files_InRepository_AreNamedLikeTheirType() => TypeRules.FileNames(Repository.CSharp).AssertClean();

    [Fact]
    public void Namespaces_InRepository_FollowTheFolders() => TypeRules.Namespaces(Repository.CSharp, Repository.Projects).AssertClean();

    [Fact]
    public void Sealed_OpenClassAndRecord_AreReported()
        => TypeRules.Sealed([new SourceFile("src/A.cs", """
            namespace X;
            class Open { class Nested; }
            record OpenRecord;
            sealed partial class Closed;
            partial class Closed;
            record struct Value;
            static class Statics;
            abstract class Base;
            """)]).AssertReports("Open is", "Nested is", "OpenRecord is");

    [Fact]
    public void FileNames_OtherNameOrBigCompanion_AreReported()
    {
        SourceFile misnamed = new("src/Ledger.cs", "namespace X; sealed class Journal;");
        SourceFile crowded = new("src/Ledger.Replay.cs", "namespace X; sealed class Ledger; enum A; record B; record C;");
        SourceFile mixed = new("src/Ledger.cs", "namespace X; sealed class Ledger; sealed class Helper;");
        SourceFile fine = new("src/Ledger.cs", "namespace X; sealed class Ledger; enum Status; record Entry; file class Local;");
        TypeRules.FileNames([misnamed, crowded, mixed, fine])
            .AssertReports("no type in Ledger.cs", "Journal belongs", "4 types", "Helper belongs");
    }

    [Fact]
    public void Namespaces_OtherFolderOrBlockScope_AreReported()
    {
        SourceFile project = new(
            "src/Modules/Cards/Iskra.Modules.Cards.csproj",
            "<Project><PropertyGroup><RootNamespace>Iskra.Modules.Cards</RootNamespace></PropertyGroup></Project>");
        SourceFile good = new("src/Modules/Cards/Ledger/A.cs", "namespace Iskra.Modules.Cards.Ledger; class A;");
        SourceFile bad = new("src/Modules/Cards/Ledger/B.cs", "namespace Iskra.Modules.Cards; class B;");
        SourceFile block = new("src/Modules/Cards/C.cs", "namespace Iskra.Modules.Cards { class C; }");
        TypeRules.Namespaces([good, bad, block], [project])
            .AssertReports("B is in Iskra.Modules.Cards", "C is in no file-scoped namespace");
    }
}
