using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Sources;

/// <summary>One file of the repository, or a snippet that plays one in a canary.</summary>
internal sealed class SourceFile
{
    private readonly Lazy<CompilationUnitSyntax> _root;

    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.Split('\n');
        _root = new Lazy<CompilationUnitSyntax>(
            () => CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Preview))
            .GetCompilationUnitRoot());
    }

    /// <summary>Relative to the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>The syntax tree; only for C#.</summary>
    public CompilationUnitSyntax Root => _root.Value;

    public IEnumerable<T> All<T>()
        where T : SyntaxNode
        => Root.DescendantNodes().OfType<T>();

    /// <summary>Types, enums and delegates that are not inside another type.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes()
        => Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public Violation Violation(SyntaxNodeOrToken node, string message)
        => new(Path, (node.GetLocation()?.GetLineSpan().StartLinePosition.Line ?? 0) + 1, message);

    public Violation Violation(int line, string message) => new(Path, line, message);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public override string ToString() => Path;
}
