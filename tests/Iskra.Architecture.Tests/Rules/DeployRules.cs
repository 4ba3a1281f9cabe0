using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>Configuration that parses, and dashboards and alerts that ask for metrics which exist.</summary>
internal static partial class DeployRules
{
    private static readonly JsonDocumentOptions JsonOptions =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Suffixes that the Prometheus exposition adds to an instrument's name: unit, then kind.</summary>
    private static readonly string[] Kinds = ["_bucket", "_sum", "_count", "_total", "_max", ""];
    private static readonly string[] Units = ["_seconds", "_milliseconds", "_bytes", "_ratio", "_percent", ""];

    /// <summary>Instruments of .NET itself that the deployment files use; .NET documents them under "built-in metrics".</summary>
    private static readonly string[] FrameworkInstruments =
    [
        "http.server.request.duration", "http.server.active_requests", "kestrel.active_connections", "kestrel.rejected_connections",
        "dotnet.process.cpu.time", "dotnet.process.memory.working_set", "dotnet.gc.collections", "dotnet.gc.pause.time",
            "dotnet.exceptions",
        "dotnet.thread_pool.queue.length",
    ];

    public static RuleReport Parse(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files.Where(file => IsJson(file) || IsYaml(file)), file => IsJson(file) ? ParseJson(file) : ParseYaml(file));

    /// <summary>Every metric that <c>deploy/</c> names is an instrument of the product or of .NET, as Prometheus sees it.</summary>
    public static RuleReport Metrics(IReadOnlyList<SourceFile> deploy, IReadOnlyList<SourceFile> product)
    {
        HashSet<string> known = [.. InstrumentNames(product).Concat(FrameworkInstruments).Select(name => name.Replace('.', '_'))];
        return RuleReport.Over(
            deploy.SelectMany(file => file.Lines.SelectMany((line, index) =>
                MetricName().Matches(line).Select(match => (file, Line: index + 1, match.Value)))),
            use => IsKnown(use.Value, known) ? [] : [use.file.Violation(use.Line, $"{use.Value} is no metric of the product")]);
    }

    public static IEnumerable<string> InstrumentNames(IReadOnlyList<SourceFile> product)
        => product.SelectMany(file => file.All<LiteralExpressionSyntax>())
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
            .Select(literal => literal.Token.ValueText)
            .Where(text => InstrumentName().IsMatch(text))
            .Distinct();

    private static bool IsKnown(string metric, HashSet<string> known)
        => Kinds.Any(kind => metric.EndsWith(kind, StringComparison.Ordinal)
            && Units.Any(unit => metric[..^kind.Length].EndsWith(unit, StringComparison.Ordinal)
                && known.Contains(metric[..^(kind.Length + unit.Length)])));

    private static IEnumerable<Violation> ParseJson(SourceFile file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(file.Text, JsonOptions);
            return [];
        }
        catch (JsonException exception)
        {
            return [file.Violation((int)(exception.LineNumber ?? 0) + 1, "JSON does not parse: " + exception.Message)];
        }
    }

    private static IEnumerable<Violation> ParseYaml(SourceFile file)
    {
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(file.Text));
            return stream.Documents.Count > 0 ? [] : [file.Violation(1, "YAML is empty")];
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException)
        {
            return [file.Violation((int)((exception as YamlException)?.Start.Line ?? 1), "YAML does not parse: " + exception.Message)];
        }
    }

    private static bool IsJson(SourceFile file) => file.Path.EndsWith(".json", StringComparison.Ordinal);

    private static bool IsYaml(SourceFile file)
        => file.Path.EndsWith(".yaml", StringComparison.Ordinal)
        || file.Path.EndsWith(".yml", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(iskra|http_server|kestrel|dotnet)_[a-z0-9_]+\b(?!:)")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^iskra(\.[a-z0-9_]+)+$")]
    private static partial Regex InstrumentName();
}
