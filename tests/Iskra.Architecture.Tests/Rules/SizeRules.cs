using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>Methods up to 70 lines, files up to 500, lines up to 140, the program's entry under 80.</summary>
internal static class SizeRules
{
    public const int MethodLinesMax = 70;
    public const int FileLinesMax = 500;
    public const int LineLengthMax = 140;
    public const int ProgramLinesMax = 79;

    public static RuleReport Files(IReadOnlyList<SourceFile> files) => RuleReport.Over(files, CheckFile);

    public static RuleReport Methods(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files.SelectMany(file => Bodies(file).Select(body => (file, body))), pair => CheckBody(pair.file, pair.body));

    public static RuleReport Program(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(
            files.Where(file => file.Path == "src/Host/Program.cs"),
            file => LineCount(file) > ProgramLinesMax
                ? [file.Violation(1, $"Program.cs has {LineCount(file)} lines; at most {ProgramLinesMax}")]
                : []);

    private static IEnumerable<Violation> CheckFile(SourceFile file)
    {
        if (LineCount(file) > FileLinesMax)
        {
            yield return file.Violation(1, $"file has {LineCount(file)} lines; at most {FileLinesMax}");
        }

        for (int i = 0; i < file.Lines.Count; i++)
        {
            if (file.Lines[i].Length > LineLengthMax)
            {
                yield return file.Violation(i + 1, $"line has {file.Lines[i].Length} characters; at most {LineLengthMax}");
            }
        }
    }

    private static IEnumerable<Violation> CheckBody(SourceFile file, SyntaxNode body)
    {
        int lines = LineCount(body);
        if (lines > MethodLinesMax)
        {
            yield return file.Violation(body, $"{NameOf(body)} has {lines} lines; at most {MethodLinesMax}");
        }
    }

    /// <summary>Methods, constructors, operators, accessors and local functions. A lambda counts into the method that holds it.</summary>
    private static IEnumerable<SyntaxNode> Bodies(SourceFile file)
        => file.Root.DescendantNodes()
            .Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax);

    private static int LineCount(SourceFile file) => file.Lines.Count - (file.Lines[^1].Length == 0 ? 1 : 0);

    /// <summary>From the first word after the attributes to the closing brace; comments above a method are free.</summary>
    private static int LineCount(SyntaxNode node)
    {
        SyntaxToken first = node.ChildNodes().OfType<AttributeListSyntax>().LastOrDefault()?.GetLastToken().GetNextToken()
            ?? node.GetFirstToken();
        return node.GetLocation().GetLineSpan().EndLinePosition.Line - first.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        _ => node.Kind().ToString(),
    };
}
