using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>Logs only through <c>[LoggerMessage]</c> in a <c>Log.cs</c>, with unique event ids from the area's range.</summary>
internal static class LoggingRules
{
    private static readonly HashSet<string> LoggerMethods = new(StringComparer.Ordinal)
    {
        "LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical",
    };

    /// <summary>A new area takes the next free range and a line here; ids are a contract with whoever alerts on them.</summary>
    private static readonly Dictionary<string, (int From, int To)> Ranges = new(StringComparer.Ordinal)
    {
        ["src/Host"] = (100, 199),
        ["src/Platform/Data"] = (1000, 1099),
        ["src/Platform/Hosting"] = (1100, 1199),
        ["src/Platform/Security"] = (1200, 1299),
        ["src/Platform/Telemetry"] = (1300, 1399),
        ["src/Platform/Events"] = (1400, 1499),
        ["src/Platform/Realtime"] = (1500, 1599),
        ["src/Platform/Sagas"] = (1950, 1999),
        ["src/Platform/Encryption"] = (1800, 1849),
        ["src/Platform/Audit"] = (1850, 1899),
        ["src/Platform/Backup"] = (1900, 1949),
        ["src/Platform/Redis"] = (1700, 1719),
        ["src/Platform/Caching"] = (1720, 1749),
        ["src/Platform/Limits"] = (1750, 1799),
        ["src/Platform/Jobs"] = (1600, 1699),
        ["src/Modules/Cards"] = (2000, 2999),
        ["src/Modules/Dashboards"] = (3000, 3099),
    };

    public static RuleReport OnlyLoggerMessage(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files, file => file.All<InvocationExpressionSyntax>()
            .Where(IsLoggerCall)
            .Select(call => file.Violation(call, $"{call.Expression} logs outside [LoggerMessage]: write a message in Log.cs")));

    public static RuleReport EventIds(IReadOnlyList<SourceFile> files)
    {
        List<(SourceFile File, AttributeSyntax Attribute, int? Id)> messages = [.. files.SelectMany(file => file.All<AttributeSyntax>()
            .Where(attribute => attribute.Name.ToString().Split('.')[^1] is "LoggerMessage" or "LoggerMessageAttribute")
            .Select(attribute => (file, attribute, EventId(attribute))))];
        ILookup<int?, (SourceFile File, AttributeSyntax Attribute, int? Id)> byId = messages.ToLookup(message => message.Id);
        return RuleReport.Over(messages,
            message => CheckMessage(message.File, message.Attribute, message.Id, byId[message.Id].First().Attribute));
    }

    private static IEnumerable<Violation> CheckMessage(SourceFile file, AttributeSyntax attribute, int? id, AttributeSyntax firstWithId)
    {
        if (file.Name.Split('.')[0] is not "Log" && !file.Name.Split('.')[0].EndsWith("Log", StringComparison.Ordinal))
        {
            yield return file.Violation(attribute, "[LoggerMessage] outside a Log.cs");
        }

        if (id is null)
        {
            yield return file.Violation(attribute, "[LoggerMessage] without a written event id");
            yield break;
        }

        if (firstWithId != attribute)
        {
            yield return file.Violation(attribute, $"event id {id} is used twice");
        }

        string? area = Ranges.Keys.Where(file.IsUnder).MaxBy(key => key.Length);
        if (area is null)
        {
            yield return file.Violation(attribute, $"{file.Folder} has no range of event ids");
        }
        else if (id < Ranges[area].From || id > Ranges[area].To)
        {
            yield return file.Violation(attribute, $"event id {id} is outside {Ranges[area].From}-{Ranges[area].To} of {area}");
        }
    }

    private static bool IsLoggerCall(InvocationExpressionSyntax call)
        => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: string name }
            && (LoggerMethods.Contains(name)
                || (name == "Log"
                    && call.ArgumentList.Arguments.FirstOrDefault()?.ToString().StartsWith("LogLevel.", StringComparison.Ordinal) == true));

    /// <summary><c>EventId = 7</c>, <c>eventId: 7</c> or the first positional argument.</summary>
    private static int? EventId(AttributeSyntax attribute)
    {
        AttributeArgumentSyntax? argument = attribute.ArgumentList?.Arguments.FirstOrDefault(item =>
            (item.NameEquals?.Name.Identifier.Text ?? item.NameColon?.Name.Identifier.Text)
                ?.Equals("eventId", StringComparison.OrdinalIgnoreCase) == true);
        argument ??= attribute.ArgumentList?.Arguments.FirstOrDefault(item => item.NameEquals is null && item.NameColon is null);
        return int.TryParse(argument?.Expression.ToString().Replace("_", "", StringComparison.Ordinal),
            NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id : null;
    }
}
