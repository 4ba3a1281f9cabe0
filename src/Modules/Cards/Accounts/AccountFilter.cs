using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>What a list of accounts asks for; also the query's parameters.</summary>
internal sealed record AccountFilter(
    int TenantId, long AfterKey, int Rows, string? Currency, AccountKind? Kind, string? NamePattern)
{
    /// <summary>A LIKE pattern for a part of a name; upper case as <c>name_search</c> is, so that Cyrillic matches in any case.</summary>
    public static string? PatternOf(string? part) => string.IsNullOrWhiteSpace(part)
        ? null
        : "%" + part.Trim().ToUpperInvariant()
            .Replace("!", "!!", StringComparison.Ordinal)
            .Replace("%", "!%", StringComparison.Ordinal)
            .Replace("_", "!_", StringComparison.Ordinal) + "%";
}
