using System.Text.Json;

namespace Iskra.Platform.Audit;

/// <summary>
/// Events as the API and exports name them: <c>api-key-created</c>. A number that this version doesn't know names itself.
/// </summary>
internal static class AuditEventNames
{
    private static readonly Dictionary<int, string> Names = Enum.GetValues<AuditEventKind>()
        .ToDictionary(kind => (int)kind, kind => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()));

    private static readonly Dictionary<string, AuditEventKind> Kinds =
        Names.ToDictionary(pair => pair.Value, pair => (AuditEventKind)pair.Key, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All { get; } = [.. Names.OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    public static string Of(int kind) =>
        Names.TryGetValue(kind, out string? name) ? name : kind.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool TryParse(string name, out AuditEventKind kind) => Kinds.TryGetValue(name, out kind);
}
