using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>The flags' names on the wire.</summary>
internal static class AccountFlagNames
{
    private static readonly (AccountFlags Flag, string Name)[] Names =
    [
        (AccountFlags.DebitsMayNotExceedCredits, "debitsMayNotExceedCredits"),
        (AccountFlags.CreditsMayNotExceedDebits, "creditsMayNotExceedDebits"),
        (AccountFlags.Frozen, "frozen"),
    ];

    public static string Known => string.Join(", ", Names.Select(name => name.Name));

    public static IReadOnlyList<string> ToNames(AccountFlags flags) =>
        [.. Names.Where(name => (flags & name.Flag) != 0).Select(name => name.Name)];

    public static bool TryParse(string? name, out AccountFlags flag)
    {
        (flag, string? known) = Names.FirstOrDefault(candidate => candidate.Name == name);
        return known is not null;
    }
}
