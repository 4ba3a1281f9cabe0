using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>Which project may know which, and what a module shows.</summary>
internal static partial class ModuleRules
{
    private const string ModulesFolder = "src/Modules";

    /// <summary>The project references of <c>src</c> equal the table of the architecture document, in both directions.</summary>
    public static RuleReport Graph(IReadOnlyList<SourceFile> projects, SourceFile document)
    {
        Dictionary<string, SortedSet<string>> actual = ReadProjects(projects);
        Dictionary<string, SortedSet<string>> written = ReadTable(document);
        return RuleReport.Over(actual.Keys.Union(written.Keys).Order(StringComparer.Ordinal), name =>
        {
            if (!written.TryGetValue(name, out SortedSet<string>? allowed))
            {
                return [document.Violation(1, $"the table has no row for {name}")];
            }

            if (!actual.TryGetValue(name, out SortedSet<string>? referenced))
            {
                return [document.Violation(1, $"the table names {name}, which is no project")];
            }

            return referenced.Except(allowed)
                .Select(other => document.Violation(1, $"{name} references {other}, which the table does not allow"))
                .Concat(allowed.Except(referenced)
                    .Select(other => document.Violation(1, $"the table says that {name} references {other}; it does not")));
        });
    }

    /// <summary>Host → Modules → Platform, nothing back, no cycles.</summary>
    public static RuleReport Layers(IReadOnlyList<SourceFile> projects)
    {
        Dictionary<string, SortedSet<string>> graph = ReadProjects(projects);
        return RuleReport.Over(projects.Where(project => project.IsUnder("src")), project =>
        {
            string name = NameOf(project);
            IEnumerable<Violation> upward = graph[name]
                .Where(other => LayerOf(other) < 0 || LayerOf(other) > LayerOf(name))
                .Select(other => project.Violation(1, $"{name} must not reference {other}: the rule is Host → Modules → Platform"));
            return Reaches(graph, name, name, []) ? upward.Append(project.Violation(1, $"{name} is part of a cycle")) : upward;
        });
    }

    /// <summary>A module shows its <c>IModule</c> and its <c>Contracts</c>; everything else is internal.</summary>
    public static RuleReport Visibility(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(
            files.Where(file => file.IsUnder(ModulesFolder)).SelectMany(file => file.TopLevelTypes().Select(type => (file, type))),
            pair => TypeRules.Has(pair.type, SyntaxKind.PublicKeyword) && !InContracts(pair.file) && !Implements(pair.type, "IModule")
                ? [pair.file.Violation(pair.type,
                    $"{TypeRules.NameOf(pair.type)} is public, but is neither an IModule nor under Contracts/")]
                : []);

    /// <summary>What a module takes from another is in that module's <c>Contracts</c>.</summary>
    public static RuleReport ForeignUsings(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files.Where(file => file.IsUnder(ModulesFolder)), file =>
        {
            string own = file.Path.Split('/')[2];
            return file.All<UsingDirectiveSyntax>()
                .Where(use => ForeignNamespace().Match(use.Name?.ToString() ?? "") is { Success: true } match
                    && match.Groups["module"].Value != own && match.Groups["area"].Value != "Contracts")
                .Select(use => file.Violation(use, $"{use.Name} is another module's inside; use its Contracts or an event"));
        });

    /// <summary>Every module is in the host's list: a module that isn't there is dead code.</summary>
    public static RuleReport HostList(IReadOnlyList<SourceFile> files)
    {
        SourceFile? list = files.FirstOrDefault(file => file.Path == "src/Host/Modules.cs");
        HashSet<string> named = [.. list?.All<BaseObjectCreationExpressionSyntax>().Select(TypeNameOf) ?? []];
        return RuleReport.Over(
            files.Where(file => file.IsUnder(ModulesFolder)).SelectMany(file => file.TopLevelTypes().Select(type => (file, type)))
                .Where(pair => Implements(pair.type, "IModule")),
            pair => named.Contains(TypeRules.NameOf(pair.type))
                ? []
                : [pair.file.Violation(pair.type, $"{TypeRules.NameOf(pair.type)} is not created in src/Host/Modules.cs")]);
    }

    /// <summary>Each folder of <c>src/Modules</c> holds exactly one module.</summary>
    public static RuleReport OneModulePerFolder(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(
            files.Where(file => file.IsUnder(ModulesFolder)).GroupBy(file => file.Path.Split('/')[2]),
            folder =>
            {
                List<string> modules =
                    [.. folder.SelectMany(file => file.TopLevelTypes())
                    .Where(type => Implements(type, "IModule")).Select(TypeRules.NameOf)];
                return modules is [string only] && only == folder.Key + "Module"
                    ? []
                    : [folder.First().Violation(1,
                        $"{ModulesFolder}/{folder.Key} must hold one {folder.Key}Module, not [{string.Join(", ", modules)}]")];
            });

    public static bool InContracts(SourceFile file)
        => file.IsUnder(ModulesFolder) && file.Folder.Contains("/Contracts", StringComparison.Ordinal);

    private static bool Implements(MemberDeclarationSyntax type, string name)
        => type is BaseTypeDeclarationSyntax { BaseList: { } bases } && bases.Types.Any(item => item.Type.ToString() == name);

    private static string TypeNameOf(BaseObjectCreationExpressionSyntax creation)
        => creation is ObjectCreationExpressionSyntax { Type: { } type } ? type.ToString().Split('.')[^1] : "";

    private static string NameOf(SourceFile project) => Path.GetFileNameWithoutExtension(project.Name);

    private static int LayerOf(string project) => project switch
    {
        "Iskra.Platform" => 0,
        "Iskra.Host" => 2,
        _ => project.StartsWith("Iskra.Modules.", StringComparison.Ordinal) ? 1 : -1,
    };

    private static bool Reaches(Dictionary<string, SortedSet<string>> graph, string from, string target, HashSet<string> seen)
        => graph.TryGetValue(from, out SortedSet<string>? next)
            && next.Any(other => other == target || (seen.Add(other) && Reaches(graph, other, target, seen)));

    private static Dictionary<string, SortedSet<string>> ReadProjects(IReadOnlyList<SourceFile> projects)
        => projects.Where(project => project.IsUnder("src")).ToDictionary(
            NameOf,
            project => new SortedSet<string>(
                XDocument.Parse(project.Text).Descendants("ProjectReference")
                    .Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/'))),
                StringComparer.Ordinal),
            StringComparer.Ordinal);

    /// <summary>The rows <c>| `Iskra.X` | `Iskra.Y`, `Iskra.Z` |</c>; no other table starts with a project's name.</summary>
    private static Dictionary<string, SortedSet<string>> ReadTable(SourceFile document)
        => document.Lines.Select(line => TableRow().Match(line)).Where(match => match.Success).ToDictionary(
            match => match.Groups["project"].Value,
            match => new SortedSet<string>(
                ProjectName().Matches(match.Groups["references"].Value).Select(name => name.Groups[1].Value),
                StringComparer.Ordinal),
            StringComparer.Ordinal);

    [GeneratedRegex(@"^\|\s*`(?<project>Iskra\.[\w.]+)`\s*\|(?<references>[^|]*)\|")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"`(Iskra\.[\w.]+)`")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^Iskra\.Modules\.(?<module>\w+)(\.(?<area>\w+))?")]
    private static partial Regex ForeignNamespace();
}
