namespace Iskra.Modules.Cards.Contracts;

/// <summary>The side on which an account's balance grows.</summary>
public enum AccountKind
{
    /// <summary>Debits raise it: cash, settlement with a bank, receivables.</summary>
    Asset = 1,

    /// <summary>Credits raise it: what is owed to a card holder or a merchant.</summary>
    Liability = 2,
}
