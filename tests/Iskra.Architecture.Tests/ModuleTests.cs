namespace Iskra.Architecture.Tests;

public sealed class ModuleTests
{
    private const string Document = "docs/architecture.md";

    [Fact]
    public void Graph_OfProjects_EqualsTheTable() => ModuleRules.Graph(Repository.Projects, Repository.File(Document)).AssertClean();

    [Fact]
    public void Layers_OfProjects_PointDown() => ModuleRules.Layers(Repository.Projects).AssertClean();

    [Fact]
    public void Visibility_InModules_IsModuleAndContracts() => ModuleRules.Visibility(Repository.Product).AssertClean();

    [Fact]
    public void Usings_InModules_TakeOnlyContractsOfOthers() => ModuleRules.ForeignUsings(Repository.Product).AssertClean();

    [Fact]
    public void HostList_NamesEveryModule() => ModuleRules.HostList(Repository.Product).AssertClean();

    [Fact]
    public void ModuleFolders_HoldOneModuleEach() => ModuleRules.OneModulePerFolder(Repository.Product).AssertClean();

    [Fact]
    public void Graph_RowsAndReferencesThatDiffer_AreReported()
    {
        SourceFile document = new(Document, """
            | project | may reference |
            |---|---|
            | `Iskra.Host` | `Iskra.Platform` |
            | `Iskra.Platform` | none |
            | `Iskra.Modules.Gone` | `Iskra.Platform` |
            """);
        ModuleRules.Graph([Project("Iskra.Host"), Project("Iskra.Platform", "Iskra.Host"), Project("Iskra.Modules.New")],
            document).AssertReports(
                "the table says that Iskra.Host references Iskra.Platform",
                "Iskra.Platform references Iskra.Host",
                "no row for Iskra.Modules.New",
                "names Iskra.Modules.Gone");
    }

    [Fact]
    public void Layers_UpwardReferenceAndCycle_AreReported()
        => ModuleRules.Layers(
            [
                Project("Iskra.Host", "Iskra.Modules.A"), Project("Iskra.Modules.A", "Iskra.Modules.B"),
                Project("Iskra.Modules.B", "Iskra.Modules.A"), Project("Iskra.Platform", "Iskra.Testing"),
            ])
            .AssertReports("Iskra.Modules.A is part", "Iskra.Modules.B is part", "Iskra.Platform must not reference Iskra.Testing");

    [Fact]
    public void Visibility_PublicClassOutsideContracts_IsReported()
        => ModuleRules.Visibility([
            new SourceFile("src/Modules/A/Ledger.cs", "namespace X; public sealed class Ledger;"),
            new SourceFile("src/Modules/A/AModule.cs", "namespace X; public sealed class AModule : IModule;"),
            new SourceFile("src/Modules/A/Contracts/Money.cs", "namespace X; public readonly struct Money;"),
        ]).AssertReports("Ledger is public");

    [Fact]
    public void Usings_InsideOfAnotherModule_AreReported()
        => ModuleRules.ForeignUsings([
            new SourceFile("src/Modules/A/X.cs",
                "using Iskra.Modules.A.Ledger;\nusing Iskra.Modules.B.Contracts;\nusing Iskra.Modules.B.Storage;"),
        ]).AssertReports("Iskra.Modules.B.Storage");

    [Fact]
    public void HostList_ForgottenModule_IsReported()
        => ModuleRules.HostList([
            new SourceFile("src/Host/Modules.cs", "static class Modules { static IModule[] All = [new AModule()]; }"),
            new SourceFile("src/Modules/A/AModule.cs", "namespace X; public sealed class AModule : IModule;"),
            new SourceFile("src/Modules/B/BModule.cs", "namespace X; public sealed class BModule : IModule;"),
        ]).AssertReports("BModule is not created");

    [Fact]
    public void ModuleFolders_WithoutModule_AreReported()
        => ModuleRules.OneModulePerFolder(
            [new SourceFile("src/Modules/C/Thing.cs", "namespace X; sealed class Thing;")])
            .AssertReports("src/Modules/C must hold one CModule");

    private static SourceFile Project(string name, params string[] references)
        => new($"src/{name}/{name}.csproj",
            "<Project><ItemGroup>" + string.Concat(
                references.Select(other => $"<ProjectReference Include=\"../{other}/{other}.csproj\" />"))
            + "</ItemGroup></Project>");
}
