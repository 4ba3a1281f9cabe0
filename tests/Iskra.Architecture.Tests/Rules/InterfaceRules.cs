using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>An interface needs two real implementations, or an entry with its reason in the allow-list beside this test.</summary>
internal static class InterfaceRules
{
    public const string AllowList = "tests/Iskra.Architecture.Tests/single-implementation-interfaces.txt";

    public static RuleReport TwoImplementations(IReadOnlyList<SourceFile> files, SourceFile allowList)
    {
        Dictionary<string, string> allowed = ReadAllowList(allowList);
        Dictionary<string, HashSet<string>> implementations = CountImplementations(files);
        List<(SourceFile File, InterfaceDeclarationSyntax Type)> interfaces =
            [.. files.SelectMany(file => file.All<InterfaceDeclarationSyntax>().Select(type => (file, type)))];
        HashSet<string> declared = [.. interfaces.Select(item => item.Type.Identifier.Text)];

        RuleReport report = RuleReport.Over(interfaces, item =>
        {
            string name = item.Type.Identifier.Text;
            int count = implementations.GetValueOrDefault(name)?.Count ?? 0;
            return count < 2 && !allowed.ContainsKey(name)
                ? [item.File.Violation(item.Type,
                    $"{name} has {count} implementation(s); use the class itself or add a reason to {AllowList}")]
                : [];
        });
        IEnumerable<Violation> stale = allowed
            .Where(entry => !declared.Contains(entry.Key) || entry.Value.Length < 20)
            .Select(entry => allowList.Violation(1, $"{entry.Key} is no interface of the product, or its entry gives no reason"));
        return report with { Violations = [.. report.Violations, .. stale] };
    }

    private static Dictionary<string, HashSet<string>> CountImplementations(IReadOnlyList<SourceFile> files)
    {
        Dictionary<string, HashSet<string>> result = new(StringComparer.Ordinal);
        foreach (TypeDeclarationSyntax type in
            files.SelectMany(file => file.All<TypeDeclarationSyntax>())
            .Where(type => type is not InterfaceDeclarationSyntax))
        {
            foreach (BaseTypeSyntax item in type.BaseList?.Types ?? [])
            {
                string name = item.Type.ToString().Split('<')[0].Split('.')[^1];
                if (!result.TryGetValue(name, out HashSet<string>? names))
                {
                    result.Add(name, names = new HashSet<string>(StringComparer.Ordinal));
                }

                names.Add(type.Identifier.Text);
            }
        }

        return result;
    }

    /// <summary>Lines <c>IName: the reason</c>; <c>#</c> starts a comment.</summary>
    private static Dictionary<string, string> ReadAllowList(SourceFile file)
        => file.Lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(':', 2)).ToDictionary(
            parts => parts[0].Trim(),
            parts => parts.Length > 1 ? parts[1].Trim() : "",
            StringComparer.Ordinal);
}
