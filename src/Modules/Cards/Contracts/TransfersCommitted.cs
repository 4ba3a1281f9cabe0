namespace Iskra.Modules.Cards.Contracts;

/// <summary>
/// Event <c>cards.transfers.committed</c>, schema version 1: one group of transfers became durable. Written with them, once per commit and
/// not once per transfer; a subscriber that needs each transfer reads the journal from <see cref="FirstSequence"/> to
/// <see cref="LastSequence"/>, both included, without gaps.
/// </summary>
public sealed record TransfersCommitted
{
    /// <summary>The type on the outbox.</summary>
    public const string EventType = "cards.transfers.committed";

    /// <summary>The version of the payload.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The journal sequence of the group's first entry, from 1.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The journal sequence of the group's last entry.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Journal entries in the group.</summary>
    public required int Transfers { get; init; }

    /// <summary>When the group was written, UTC, microseconds.</summary>
    public required DateTimeOffset At { get; init; }
}
