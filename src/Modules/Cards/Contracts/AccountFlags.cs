namespace Iskra.Modules.Cards.Contracts;

/// <summary>Rules that the ledger checks at each posting to the account.</summary>
[Flags]
public enum AccountFlags
{
    /// <summary>No rule.</summary>
    None = 0,

    /// <summary>
    /// Posted and pending debits may not exceed posted credits plus the account's overdraft limit: a holder can't spend what is not there.
    /// </summary>
    DebitsMayNotExceedCredits = 1,

    /// <summary>Posted and pending credits may not exceed posted debits plus the account's overdraft limit.</summary>
    CreditsMayNotExceedDebits = 2,

    /// <summary>New transfers are refused; pending ones can still be posted or voided.</summary>
    Frozen = 4,
}
