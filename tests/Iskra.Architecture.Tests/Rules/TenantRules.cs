using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>
/// Every SQL text that names a table of customers' data names their tenant as well, or has an entry with its reason in the
/// list beside this test.
/// </summary>
internal static partial class TenantRules
{
    public const string AllowList = "tests/Iskra.Architecture.Tests/queries-across-tenants.txt";

    private const int ReasonLengthMin = 20;

    public static RuleReport QueriesNameATenant(
        IReadOnlyList<SourceFile> migrations, IReadOnlyList<SourceFile> files, SourceFile allowList)
    {
        HashSet<string> tables = TablesOf(migrations);
        (string Path, string Fragment, string Reason)[] allowed = ReadAllowList(allowList);
        HashSet<(string, string)> used = [];
        List<(SourceFile File, ExpressionSyntax Node, string Sql)> queries =
        [
            .. files.SelectMany(file => Texts(file).Select(text => (file, text.Node, text.Sql)))
                .Where(query => TableAfterKeyword().Matches(query.Sql).Any(match => tables.Contains(match.Groups["table"].Value))),
        ];
        RuleReport report = RuleReport.Over(queries, query =>
        {
            if (NamesTenant().IsMatch(query.Sql) || Writes().IsMatch(query.Sql))
            {
                return [];
            }

            foreach ((string path, string fragment, _) in allowed)
            {
                if (query.File.Path.EndsWith(path, StringComparison.Ordinal) && query.Sql.Contains(fragment, StringComparison.Ordinal))
                {
                    used.Add((path, fragment));
                    return [];
                }
            }

            return [query.File.Violation(query.Node, $"names no tenant: {query.Sql[..Math.Min(100, query.Sql.Length)]}")];
        });
        IEnumerable<Violation> stale = allowed
            .Where(entry => !used.Contains((entry.Path, entry.Fragment)) || entry.Reason.Length < ReasonLengthMin)
            .Select(entry => allowList.Violation(1, $"'{entry.Fragment}' is no query of {entry.Path}, or its entry gives no reason"));
        return report with { Violations = [.. report.Violations, .. stale] };
    }

    /// <summary>Tables that got a <c>tenant_id</c> when they were made or later, by the name they have in the end.</summary>
    private static HashSet<string> TablesOf(IReadOnlyList<SourceFile> migrations)
    {
        HashSet<string> tables = new(StringComparer.Ordinal);
        foreach (SourceFile file in migrations)
        {
            Dictionary<string, string> renamed = Rename().Matches(file.Text)
                .ToDictionary(match => match.Groups["from"].Value, match => match.Groups["to"].Value, StringComparer.Ordinal);
            IEnumerable<string> made = CreateTable().Matches(file.Text)
                .Where(match => match.Groups["columns"].Value.Contains("tenant_id", StringComparison.Ordinal))
                .Concat(AddTenant().Matches(file.Text))
                .Select(match => match.Groups["table"].Value);
            tables.UnionWith(made.Select(table => renamed.GetValueOrDefault(table, table)));
        }

        return tables;
    }

    /// <summary>Whole texts: the parts of a sum are one.</summary>
    private static IEnumerable<(ExpressionSyntax Node, string Sql)> Texts(SourceFile file) => file.All<ExpressionSyntax>()
        .Where(node => node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax or BinaryExpressionSyntax)
        .Where(node => node.Parent is not BinaryExpressionSyntax)
        .Where(node => node.Ancestors().All(above => above is not InterpolatedStringExpressionSyntax))
        .Select(node => (node, Spaces().Replace(node.ToString(), " ")));

    /// <summary>Lines <c>file: fragment of the query: the reason</c>; <c>#</c> starts a comment.</summary>
    private static (string Path, string Fragment, string Reason)[] ReadAllowList(SourceFile file) =>
    [
        .. file.Lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(':', 3))
            .Select(parts => (parts[0].Trim(), parts.ElementAtOrDefault(1)?.Trim() ?? "", parts.ElementAtOrDefault(2)?.Trim() ?? "")),
    ];

    [GeneratedRegex(@"\b(?:from|into|update|join|copy)\s+(?<table>[a-z_0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex TableAfterKeyword();

    /// <summary>A comparison, or the helper that writes it.</summary>
    [GeneratedRegex(@"tenant_id\s*=|OfTenant\(")]
    private static partial Regex NamesTenant();

    /// <summary>New rows that say whose they are.</summary>
    [GeneratedRegex(@"(?:insert into|copy) \w+ \([^)]*tenant_id")]
    private static partial Regex Writes();

    [GeneratedRegex(@"create table (?<table>\w+)\s*\((?<columns>.*?)\n\)", RegexOptions.Singleline)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"alter table (?<table>\w+) add column tenant_id")]
    private static partial Regex AddTenant();

    [GeneratedRegex(@"alter table (?<from>\w+) rename to (?<to>\w+)")]
    private static partial Regex Rename();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
