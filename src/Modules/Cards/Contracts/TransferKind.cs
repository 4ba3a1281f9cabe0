namespace Iskra.Modules.Cards.Contracts;

/// <summary>What a journal entry does. Stored and sent as written: the numbers never change.</summary>
public enum TransferKind
{
    /// <summary>Moves the amount at once.</summary>
    Post = 1,

    /// <summary>Reserves the amount on both accounts until it is posted, voided or expires.</summary>
    Pending = 2,

    /// <summary>Posts a pending transfer in full or in part; the rest of the reservation is released.</summary>
    PostPending = 3,

    /// <summary>Releases a pending transfer without moving money.</summary>
    VoidPending = 4,

    /// <summary>Written by the ledger itself when a pending transfer's time is over; callers can't send it.</summary>
    ExpirePending = 5,
}
