using System.Globalization;
using System.Text;

namespace Iskra.Platform.Telemetry;

/// <summary>Tags as Prometheus labels: names made valid, values escaped, sorted so that the same set is always the same text.</summary>
internal static class PrometheusLabels
{
    public static string Format(ReadOnlySpan<KeyValuePair<string, object?>> tags, int valueLengthMax)
    {
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string name = NameOf(tag.Key);
            string value = TextOf(tag.Value, valueLengthMax);

            // Two keys may become one name ("a.b" and "a-b"); a label may occur only once.
            labels[name] = labels.TryGetValue(name, out string? other) ? $"{other};{value}" : value;
        }

        StringBuilder text = new();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, value);
            text.Append('"');
        }

        return text.ToString();
    }

    private static string NameOf(string key)
    {
        string name = PrometheusName.Sanitise(key);

        // "le" belongs to the histogram's buckets.
        return name == "le" ? "tag_le" : name;
    }

    private static string TextOf(object? value, int lengthMax)
    {
        string text = value switch
        {
            null => "",
            string s => s,
            bool b => b ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length > lengthMax ? text[..lengthMax] : text;
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }
    }
}
