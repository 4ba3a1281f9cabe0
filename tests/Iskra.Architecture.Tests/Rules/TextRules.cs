using System.Text.RegularExpressions;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>What no file of the repository may say: the paths of whoever wrote it, and secrets.</summary>
internal static partial class TextRules
{
    public static RuleReport NoHostPaths(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files, file => file.Lines
            .Select((line, index) => (Match: HostPath().Match(line), Index: index))
            .Where(hit => hit.Match.Success)
            .Select(hit => file.Violation(hit.Index + 1, $"{hit.Match.Value} is a path of one machine")));

    public static RuleReport NoSecrets(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files, file => file.Lines
            .Select((line, index) => (Match: Secret().Match(line), Index: index))
            .Where(hit => hit.Match.Success)
            .Select(hit => file.Violation(hit.Index + 1, "looks like a private key or an API key with its secret")));

    /// <summary>A link of a document to another file leads somewhere.</summary>
    public static RuleReport Links(IReadOnlyList<SourceFile> documents, Func<string, bool> exists)
        => RuleReport.Over(
            documents.SelectMany(file => file.Lines.SelectMany(
                (line, index) => Link().Matches(line).Select(match => (file, index, match)))),
            link =>
            {
                string target = link.match.Groups["target"].Value.Split('#')[0];
                bool here = target.Length == 0 || target.Contains(':', StringComparison.Ordinal)
                    || exists(Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", link.file.Folder, target))));
                return here ? [] : [link.file.Violation(link.index + 1, $"the link to {target} leads nowhere")];
            });

    /// <summary>Every decision record is in the index, under its own number.</summary>
    public static RuleReport DecisionIndex(IReadOnlyList<SourceFile> files)
    {
        string index = files.FirstOrDefault(file => file.Path == "docs/adr/README.md")?.Text ?? "";
        return RuleReport.Over(
            files.Where(file => file.Folder == "docs/adr" && char.IsAsciiDigit(file.Name[0])),
            file => index.Contains($"[{file.Name[..4]} ", StringComparison.Ordinal)
                && index.Contains($"]({file.Name})", StringComparison.Ordinal)
                ? []
                : [file.Violation(1, $"{file.Name} is not in docs/adr/README.md")]);
    }

    // Written with character classes, so that this file does not match itself.
    [GeneratedRegex(
        @"/tm[p]/(wt|brief)\b|/wor[k]/(main|shared)\b|(?<![\w.$}])/hom[e]/[a-z][\w-]*/|(?<![\w.])/roo[t]/"
        + @"|/User[s]/[A-Za-z][\w-]*/|[A-Z]:\\User[s]\\")]
    private static partial Regex HostPath();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"-----BEGI[N] [A-Z ]*PRIVATE KEY-----|\bis[k]_[0-9a-z]{8}_[0-9A-Za-z_-]{32,}")]
    private static partial Regex Secret();
}
