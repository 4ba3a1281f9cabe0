namespace Iskra.Modules.Cards.Ledger;

/// <summary>An account's durable balances, its newest journal entry, and the journal sequence up to which they are complete.</summary>
internal readonly record struct CommittedState(Balances Balances, long LastSequence, long AsOfSequence);
