using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>An account as the caller asks for it; validated before it gets here.</summary>
internal sealed record AccountRequest(
    UInt128 Id, string Name, AccountKind Kind, string Currency, AccountFlags Flags, long OverdraftLimitMinor);

/// <summary>The outcome of opening an account, in order of precedence.</summary>
internal enum AccountStatus
{
    Ok = 0,
    ExistsWithDifferentKind = 1,
    ExistsWithDifferentCurrency = 2,
    ExistsWithDifferentFlags = 3,
    ExistsWithDifferentOverdraftLimit = 4,
    Exists = 5,
}
