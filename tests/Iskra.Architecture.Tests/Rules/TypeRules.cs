using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>How types are declared: sealed, in a file of their name, in the namespace of their folder.</summary>
internal static class TypeRules
{
    public const int CompanionsMax = 2;
    public const int CompanionLinesMax = 60;

    /// <summary>Every class and record class is sealed, static or abstract. The parts of a partial class share their modifiers.</summary>
    public static RuleReport Sealed(IReadOnlyList<SourceFile> files)
    {
        var classes = files
            .SelectMany(file => file.All<TypeDeclarationSyntax>().Select(type => (file, type)))
            .Where(pair => pair.type.IsKind(SyntaxKind.ClassDeclaration) || pair.type.IsKind(SyntaxKind.RecordDeclaration))
            .GroupBy(pair => FullName(pair.type));
        return RuleReport.Over(classes, parts =>
        {
            bool closed = parts.Any(part => Has(part.type, SyntaxKind.SealedKeyword) || Has(part.type, SyntaxKind.StaticKeyword)
                || Has(part.type, SyntaxKind.AbstractKeyword));
            (SourceFile file, TypeDeclarationSyntax type) = parts.First();
            return closed ? [] : [file.Violation(type.Identifier, $"{type.Identifier.Text} is neither sealed, static nor abstract")];
        });
    }

    /// <summary>
    /// A file is named like its type (<c>Ledger.cs</c>, <c>Ledger.Replay.cs</c>). Beside that type it may hold up to two small companions
    /// that only that type's users need: enums, records, delegates, interfaces, exceptions, extensions and JSON contexts, or
    /// types of <c>file</c> scope. In tests a fake may be a companion as well.
    /// </summary>
    public static RuleReport FileNames(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files.Where(file => file.TopLevelTypes().Any()), CheckFileName);

    /// <summary>The namespace is the project's root namespace and the folders below the project file, file-scoped.</summary>
    public static RuleReport Namespaces(IReadOnlyList<SourceFile> files, IReadOnlyList<SourceFile> projects)
        => RuleReport.Over(files.Where(file => file.TopLevelTypes().Any()), file => CheckNamespace(file, projects));

    public static bool Has(MemberDeclarationSyntax type, SyntaxKind modifier) => type.Modifiers.Any(modifier);

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier.Text,
        DelegateDeclarationSyntax named => named.Identifier.Text,
        _ => "",
    };

    private static string FullName(TypeDeclarationSyntax type)
        => string.Join('.', type.AncestorsAndSelf().Reverse().Select(node => node switch
        {
            BaseNamespaceDeclarationSyntax scope => scope.Name.ToString(),
            TypeDeclarationSyntax named => named.Identifier.Text + "`" + (named.TypeParameterList?.Parameters.Count ?? 0),
            _ => "",
        }).Where(part => part.Length > 0));

    private static IEnumerable<Violation> CheckFileName(SourceFile file)
    {
        string expected = file.Name[..file.Name.IndexOf('.', StringComparison.Ordinal)];
        List<MemberDeclarationSyntax> types = [.. file.TopLevelTypes().Where(type => !Has(type, SyntaxKind.FileKeyword))];
        if (types.Count > 0 && types.All(type => NameOf(type) != expected))
        {
            yield return file.Violation(types[0],
                $"no type in {file.Name} has the file's name; it holds {string.Join(", ", types.Select(NameOf))}");
        }

        List<MemberDeclarationSyntax> companions = [.. types.Where(type => NameOf(type) != expected)];
        if (types.Count > CompanionsMax + 1)
        {
            yield return file.Violation(types[CompanionsMax + 1], $"{types.Count} types in one file; at most {CompanionsMax + 1}");
        }

        foreach (MemberDeclarationSyntax companion in companions.Where(type => !IsSmallCompanion(file, type)))
        {
            yield return file.Violation(companion, $"{NameOf(companion)} belongs into a file of its own");
        }
    }

    private static bool IsSmallCompanion(SourceFile file, MemberDeclarationSyntax type)
    {
        FileLinePositionSpan span = type.GetLocation().GetLineSpan();
        bool small = span.EndLinePosition.Line - span.StartLinePosition.Line < CompanionLinesMax;
        return small && (type is EnumDeclarationSyntax or DelegateDeclarationSyntax
            or RecordDeclarationSyntax or InterfaceDeclarationSyntax or StructDeclarationSyntax
            || NameOf(type).EndsWith("Exception", StringComparison.Ordinal)
            || type is TypeDeclarationSyntax { BaseList: { } bases } && bases.Types[0].Type.ToString() == "JsonSerializerContext"
            || (NameOf(type).EndsWith("Extensions", StringComparison.Ordinal) && Has(type, SyntaxKind.StaticKeyword))
            || file.IsUnder("tests"));
    }

    private static IEnumerable<Violation> CheckNamespace(SourceFile file, IReadOnlyList<SourceFile> projects)
    {
        SourceFile? project = projects.Where(project => file.IsUnder(project.Folder)).MaxBy(project => project.Folder.Length);
        if (project is null)
        {
            yield return file.Violation(1, "no project file above this file");
            yield break;
        }

        string root = XDocument.Parse(project.Text).Descendants("RootNamespace").FirstOrDefault()?.Value
            ?? Path.GetFileNameWithoutExtension(project.Name);
        string expected = root + file.Folder[project.Folder.Length..].Replace('/', '.');
        foreach (MemberDeclarationSyntax type in file.TopLevelTypes())
        {
            string? actual = (type.Parent as FileScopedNamespaceDeclarationSyntax)?.Name.ToString();
            if (actual != expected && !(NameOf(type) == "Program" && actual is null))
            {
                yield return file.Violation(type,
                    $"{NameOf(type)} is in {actual ?? "no file-scoped namespace"}; its folder says {expected}");
            }
        }
    }
}
