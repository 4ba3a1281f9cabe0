using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>What modules show to each other and to the wire: documented, typed, numbered.</summary>
internal static partial class ContractRules
{
    /// <summary>
    /// Every public type of <c>Contracts/</c> and each of its public members has a summary (or inherits one); a positional record
    /// describes its parameters with <c>param</c>.
    /// </summary>
    public static RuleReport Documented(IReadOnlyList<SourceFile> files)
    {
        HashSet<string> told = [.. Types(files).Where(HasSummary).Select(QualifiedName)];
        return RuleReport.Over(
            files.Where(ModuleRules.InContracts).SelectMany(
                file => file.All<MemberDeclarationSyntax>().Where(IsExported)
                .Select(member => (file, member))),
            pair => CheckDocumentation(pair.file, pair.member, told));
    }

    /// <summary>Public types of the platform have a summary; so has every member of an interface, which is a seam by definition.</summary>
    public static RuleReport PlatformDocumented(IReadOnlyList<SourceFile> files)
    {
        HashSet<string> told = [.. Types(files).Where(HasSummary).Select(QualifiedName)];
        return RuleReport.Over(
            files.Where(file => file.IsUnder("src/Platform")).SelectMany(file => file.All<MemberDeclarationSyntax>()
                .Where(member => IsExported(member)
                    && (member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax || member.Parent is InterfaceDeclarationSyntax))
                .Select(member => (file, member))),
            pair => HasSummary(pair.member) || told.Contains(QualifiedName(pair.member))
                ? []
                : [pair.file.Violation(pair.member, $"{NameOf(pair.member)} has no summary")]);
    }

    /// <summary>
    /// No <c>decimal</c>, no floating-point money, no bare <c>Guid</c> and no bare <c>long</c> amounts, except in the records that are the
    /// JSON itself: names that end with Request, Response, Item, Frame, Snapshot, Result, Page or Now, whose money fields end with Minor.
    /// </summary>
    public static RuleReport Typed(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(
            files.Where(ModuleRules.InContracts).SelectMany(
                file => TypedMembers(file).Select(member => (file, member.Node, member.Type, member.Name))),
            item => CheckType(item.file, item.Node, item.Type, item.Name));

    /// <summary>Every enum that can leave its class carries written numbers: it may be stored, sent or compared.</summary>
    public static RuleReport NumberedEnums(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(
            files.SelectMany(
                file => file.All<EnumDeclarationSyntax>().Where(type => !TypeRules.Has(type, SyntaxKind.PrivateKeyword))
                .Select(type => (file, type))),
            pair => pair.type.Members.Where(member => member.EqualsValue is null)
                .Select(member => pair.file.Violation(member,
                    $"{pair.type.Identifier.Text}.{member.Identifier.Text} has no written number")));

    private static IEnumerable<Violation> CheckDocumentation(
        SourceFile file, MemberDeclarationSyntax member, HashSet<string> told)
    {
        if (!HasSummary(member) && !told.Contains(QualifiedName(member)))
        {
            yield return file.Violation(member, $"{NameOf(member)} has no summary");
        }

        if (member is RecordDeclarationSyntax { ParameterList: { } parameters })
        {
            string documentation = member.GetLeadingTrivia().ToFullString();
            foreach (ParameterSyntax parameter in parameters.Parameters)
            {
                if (!documentation.Contains($"<param name=\"{parameter.Identifier.Text}\">", StringComparison.Ordinal))
                {
                    yield return file.Violation(parameter, $"{NameOf(member)}.{parameter.Identifier.Text} has no param text");
                }
            }
        }
    }

    private static IEnumerable<Violation> CheckType(SourceFile file, SyntaxNode node, TypeSyntax type, string name)
    {
        string bare = type.ToString().TrimEnd('?');
        bool money = MoneyName().IsMatch(name);
        bool wire = node.Ancestors().OfType<TypeDeclarationSyntax>().Any(owner => WireName().IsMatch(owner.Identifier.Text));
        bool ownId = node.Ancestors().OfType<TypeDeclarationSyntax>()
            .Any(owner => owner is StructDeclarationSyntax || owner.IsKind(SyntaxKind.RecordStructDeclaration));
        if (bare is "decimal" or "Decimal" || (bare is "double" or "float" && money))
        {
            yield return file.Violation(node, $"{name} is {bare}: money is a Money or, on the wire, integer minor units");
        }
        else if (bare is "Guid" && !wire && !ownId)
        {
            yield return file.Violation(node, $"{name} is a bare Guid: give the id its own type");
        }
        else if (bare is "long" or "ulong" && money && !wire && !ownId)
        {
            yield return file.Violation(node, $"{name} is a bare {bare}: an amount is a Money");
        }
        else if (bare is "long" or "ulong" && money && wire && !name.EndsWith("Minor", StringComparison.Ordinal))
        {
            yield return file.Violation(node, $"{name} is an amount on the wire: its name ends with Minor");
        }
    }

    private static IEnumerable<(SyntaxNode Node, TypeSyntax Type, string Name)> TypedMembers(SourceFile file)
        => file.Root.DescendantNodes().Select(node => node switch
        {
            PropertyDeclarationSyntax property when IsExported(property) => (node, property.Type, property.Identifier.Text),
            ParameterSyntax { Type: { } type, Parent.Parent: MemberDeclarationSyntax owner } parameter when IsExported(owner)
                => (node, type, parameter.Identifier.Text),
            MethodDeclarationSyntax method when IsExported(method) => (node, method.ReturnType, method.Identifier.Text),
            _ => (node, (TypeSyntax?)null, ""),
        }).Where(member => member.Item2 is not null).Select(member => (member.node, member.Item2!, member.Item3));

    private static bool IsExported(MemberDeclarationSyntax member)
    {
        if (member is BaseNamespaceDeclarationSyntax or GlobalStatementSyntax)
        {
            return false;
        }

        bool exported = TypeRules.Has(member, SyntaxKind.PublicKeyword)
            || (member is EnumMemberDeclarationSyntax or { Parent: InterfaceDeclarationSyntax }
                && !TypeRules.Has(member, SyntaxKind.PrivateKeyword));
        bool isOverride = TypeRules.Has(member, SyntaxKind.OverrideKeyword)
            || member is OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax
            || (member is MethodDeclarationSyntax { Identifier.Text: "Equals" or "CompareTo" or "GetHashCode" });
        return exported && !isOverride && (member.Parent is not BaseTypeDeclarationSyntax owner || IsExported(owner));
    }

    private static bool HasSummary(MemberDeclarationSyntax member)
    {
        string trivia = member.GetLeadingTrivia().ToFullString();
        return trivia.Contains("<summary>", StringComparison.Ordinal) || trivia.Contains("<inheritdoc", StringComparison.Ordinal);
    }

    private static IEnumerable<MemberDeclarationSyntax> Types(IReadOnlyList<SourceFile> files)
        => files.SelectMany(file => file.All<BaseTypeDeclarationSyntax>());

    /// <summary>One part of a partial type speaks for all of them.</summary>
    private static string QualifiedName(MemberDeclarationSyntax member)
        => member is not BaseTypeDeclarationSyntax
            ? ""
            : string.Join('.', member.AncestorsAndSelf().Reverse().OfType<MemberDeclarationSyntax>()
                .Select(node => node is BaseNamespaceDeclarationSyntax scope ? scope.Name.ToString() : TypeRules.NameOf(node)));

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        EnumMemberDeclarationSyntax value => value.Identifier.Text,
        FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax => TypeRules.NameOf(member),
        _ => member.Kind().ToString(),
    };

    [GeneratedRegex("amount|balance|money|price|fee$|Minor$|overdraft", RegexOptions.IgnoreCase)]
    private static partial Regex MoneyName();

    [GeneratedRegex("(Request|Response|Item|Frame|Snapshot|Result|Page|Now)$")]
    private static partial Regex WireName();
}
