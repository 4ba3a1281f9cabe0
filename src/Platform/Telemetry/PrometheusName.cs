using System.Text;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// An instrument's name as Prometheus writes it, after OpenTelemetry's rules: <c>a.b</c> in seconds becomes <c>a_b_seconds</c>.
/// </summary>
/// <param name="Family">The family: with the unit, without <c>_total</c>.</param>
/// <param name="Unit">The unit's word, or empty.</param>
/// <param name="Sample">The name of a counter's or gauge's sample: the family, with <c>_total</c> for a counter.</param>
internal sealed record PrometheusName(string Family, string Unit, string Sample)
{
    private const string TotalSuffix = "_total";

    public static PrometheusName Of(string name, string? unit, InstrumentKind kind)
    {
        string family = Sanitise(name);
        if (kind == InstrumentKind.Counter && family.EndsWith(TotalSuffix, StringComparison.Ordinal))
        {
            family = family[..^TotalSuffix.Length];
        }

        string word = UnitWord(unit, kind);
        if (word.Length > 0 && family != word && !family.EndsWith("_" + word, StringComparison.Ordinal))
        {
            family += "_" + word;
        }

        return new PrometheusName(family, word, kind == InstrumentKind.Counter ? family + TotalSuffix : family);
    }

    /// <summary>Letters, digits and single underscores; never a digit in front.</summary>
    public static string Sanitise(string name)
    {
        StringBuilder result = new(name.Length + 1);
        foreach (char c in name)
        {
            char kept = char.IsAsciiLetterOrDigit(c) ? c : '_';
            if (result.Length == 0 && char.IsAsciiDigit(kept))
            {
                result.Append('_');
            }

            if (kept != '_' || result.Length == 0 || result[^1] != '_')
            {
                result.Append(kept);
            }
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    private static string UnitWord(string? unit, InstrumentKind kind)
    {
        if (string.IsNullOrEmpty(unit))
        {
            return "";
        }

        if (unit == "1")
        {
            return kind == InstrumentKind.Gauge ? "ratio" : "";
        }

        int slash = unit.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Word(unit);
        }

        string above = Word(unit[..slash]);
        string below = Singular(unit[(slash + 1)..]);
        return above.Length == 0 ? "per_" + below : $"{above}_per_{below}";
    }

    private static string Word(string unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        _ when unit[0] == '{' => "",
        _ => Sanitise(unit),
    };

    private static string Singular(string unit) => unit switch
    {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => Sanitise(unit.Trim('{', '}')),
    };
}
