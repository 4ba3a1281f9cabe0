namespace Iskra.Modules.Cards.Contracts;

/// <summary>
/// The outcome of one transfer. The numbers are the order of precedence among refusals: when several apply, the lowest one is
/// reported, so an answer never depends on how the ledger is built. A refusal leaves no trace; the same id may be sent again later.
/// Numbers are stored by clients and never change. Modelled on TigerBeetle's result codes.
/// </summary>
public enum TransferStatus
{
    /// <summary>Written and durable.</summary>
    Ok = 0,

    /// <summary>Another transfer of the same linked chain was refused, so none of the chain was written.</summary>
    LinkedTransferFailed = 1,

    /// <summary>The last transfer of the request is marked as linked, so its chain has no end.</summary>
    LinkedChainOpen = 2,

    /// <summary>The id is missing or all zeros.</summary>
    IdMustNotBeZero = 10,

    /// <summary>The amount is zero or negative (only posting a pending transfer may leave it out).</summary>
    AmountMustBePositive = 11,

    /// <summary>The amount is beyond 9 007 199 254 740 991 minor units, the largest integer that every JSON client reads exactly.</summary>
    AmountTooLarge = 12,

    /// <summary>The code is outside 0 to 65 535.</summary>
    CodeOutOfRange = 13,

    /// <summary>The reference is longer than 64 characters or holds control characters.</summary>
    ReferenceInvalid = 14,

    /// <summary>The time-out is negative or longer than a year.</summary>
    TimeoutOutOfRange = 15,

    /// <summary>The id was used by a transfer of another kind.</summary>
    ExistsWithDifferentKind = 20,

    /// <summary>The id was used for another pending transfer.</summary>
    ExistsWithDifferentPendingId = 21,

    /// <summary>The id was used with another time-out.</summary>
    ExistsWithDifferentTimeout = 22,

    /// <summary>The id was used with another debit account.</summary>
    ExistsWithDifferentDebitAccount = 23,

    /// <summary>The id was used with another credit account.</summary>
    ExistsWithDifferentCreditAccount = 24,

    /// <summary>The id was used with another amount.</summary>
    ExistsWithDifferentAmount = 25,

    /// <summary>The id was used with another currency.</summary>
    ExistsWithDifferentCurrency = 26,

    /// <summary>The id was used with another code.</summary>
    ExistsWithDifferentCode = 27,

    /// <summary>The id was used with another reference.</summary>
    ExistsWithDifferentReference = 28,

    /// <summary>The id was used with another time of occurrence.</summary>
    ExistsWithDifferentOccurredAt = 29,

    /// <summary>The very same transfer was written before: the caller's retry has nothing left to do.</summary>
    Exists = 30,

    /// <summary>Posting or voiding needs the id of the pending transfer.</summary>
    PendingIdRequired = 40,

    /// <summary>Only posting and voiding may name a pending transfer.</summary>
    PendingIdMustBeAbsent = 41,

    /// <summary>Only a pending transfer may have a time-out.</summary>
    TimeoutReservedForPending = 42,

    /// <summary>The debit account is missing or all zeros.</summary>
    DebitAccountRequired = 43,

    /// <summary>The credit account is missing or all zeros.</summary>
    CreditAccountRequired = 44,

    /// <summary>Both sides are the same account.</summary>
    AccountsMustBeDifferent = 45,

    /// <summary>No pending transfer has that id.</summary>
    PendingTransferNotFound = 50,

    /// <summary>The transfer with that id is not a pending one.</summary>
    PendingTransferNotPending = 51,

    /// <summary>The debit account differs from the pending transfer's.</summary>
    PendingTransferHasDifferentDebitAccount = 52,

    /// <summary>The credit account differs from the pending transfer's.</summary>
    PendingTransferHasDifferentCreditAccount = 53,

    /// <summary>The pending transfer was posted before.</summary>
    PendingTransferAlreadyPosted = 54,

    /// <summary>The pending transfer was voided before.</summary>
    PendingTransferAlreadyVoided = 55,

    /// <summary>The pending transfer's time is over.</summary>
    PendingTransferExpired = 56,

    /// <summary>More than the pending amount was asked for.</summary>
    ExceedsPendingAmount = 57,

    /// <summary>A void releases the whole reservation: leave the amount out or repeat the pending one.</summary>
    VoidAmountMustMatch = 58,

    /// <summary>No account has the debit id.</summary>
    DebitAccountNotFound = 60,

    /// <summary>No account has the credit id.</summary>
    CreditAccountNotFound = 61,

    /// <summary>The two accounts hold different currencies.</summary>
    AccountsMustHaveSameCurrency = 62,

    /// <summary>The transfer's currency is not the accounts'.</summary>
    CurrencyMustMatchAccounts = 63,

    /// <summary>The debit account is frozen.</summary>
    DebitAccountFrozen = 64,

    /// <summary>The credit account is frozen.</summary>
    CreditAccountFrozen = 65,

    /// <summary>A balance would pass 9 007 199 254 740 991 minor units.</summary>
    OverflowsBalance = 70,

    /// <summary>The debit account's credits and overdraft don't cover it.</summary>
    ExceedsCredits = 80,

    /// <summary>The credit account's debits and overdraft don't cover it.</summary>
    ExceedsDebits = 81,
}
