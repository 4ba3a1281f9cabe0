using System.Globalization;
using System.Text.Json;

namespace Iskra.Platform.Hosting;

/// <summary>Says in our words, with the field's path, why a body was refused: the serializer's own text names .NET types.</summary>
internal static class JsonFaults
{
    private const int PathLengthMax = 200;
    private const string Missing = "missing required properties including: ";

    internal static ProblemResult ToProblem(JsonException exception) => Problems.InvalidJson(Describe(exception));

    private static List<ProblemError> Describe(JsonException exception)
    {
        string path = Shorten(exception.Path ?? "$");
        string message = exception.Message;
        int missing = message.IndexOf(Missing, StringComparison.Ordinal);
        if (missing >= 0)
        {
            return MissingFields(path, message.AsSpan(missing + Missing.Length));
        }

        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return [new ProblemError(WithMember(path, message), "is not a field that is known here")];
        }

        if (message.StartsWith("Duplicate property", StringComparison.Ordinal))
        {
            return [new ProblemError(WithMember(path, message), "appears more than once")];
        }

        if (exception is { InnerException: JsonException { InnerException: null } } or { Path: null })
        {
            return [new ProblemError(path, Syntax(exception))];
        }

        return message.Contains("could not be converted", StringComparison.Ordinal)
            ? [new ProblemError(path, "has a type or value that is not allowed here")]
            : [new ProblemError(path, Other(message, exception))];
    }

    private static string Other(string message, JsonException exception) =>
        message.Contains("doesn't allow setting null", StringComparison.Ordinal)
            || message.Contains("null values", StringComparison.Ordinal)
            ? "must not be null"
            : message.Contains("UTF-8", StringComparison.Ordinal) || message.Contains("transcode", StringComparison.OrdinalIgnoreCase)
            ? "is not valid UTF-8"
            : Syntax(exception);

    private static string Syntax(JsonException exception)
    {
        string reason = exception.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
            ? "is nested too deeply"
            : exception.Message.Contains("UTF-8", StringComparison.Ordinal) ? "is not valid UTF-8" : "is not valid JSON";
        return exception is { LineNumber: { } line, BytePositionInLine: { } position }
            ? string.Create(CultureInfo.InvariantCulture, $"{reason} (line {line + 1}, byte {position + 1})")
            : reason;
    }

    private static List<ProblemError> MissingFields(string path, ReadOnlySpan<char> list)
    {
        List<ProblemError> errors = [];
        int end = list.IndexOf(". Path", StringComparison.Ordinal);
        foreach (Range range in (end < 0 ? list : list[..end]).Split(','))
        {
            ReadOnlySpan<char> name = list[range].Trim(" '.;");
            if (name.Length > 0)
            {
                errors.Add(new ProblemError($"{path}.{name}", "is required"));
            }
        }

        return errors;
    }

    /// <summary>The quoted name in the message, appended when the path stops at the object that holds it.</summary>
    private static string WithMember(string path, string message)
    {
        int start = message.IndexOf('\'', StringComparison.Ordinal);
        int end = start < 0 ? -1 : message.IndexOf('\'', start + 1);
        if (end < 0)
        {
            return path;
        }

        string name = message[(start + 1)..end];
        return path.EndsWith("." + name, StringComparison.Ordinal) || path.EndsWith($"['{name}']", StringComparison.Ordinal)
            ? path
            : Shorten($"{path}.{name}");
    }

    private static string Shorten(string path) => path.Length <= PathLengthMax ? path : path[..PathLengthMax] + "…";
}
