namespace Iskra.Platform.Events;

/// <summary>What became of a replay.</summary>
internal enum ReplayOutcome
{
    /// <summary>The subscriber begins again from there.</summary>
    Accepted = 1,

    /// <summary>There is no cursor of this name.</summary>
    UnknownSubscriber = 2,

    /// <summary>The outbox holds nothing from there on, or the subscriber has not come that far.</summary>
    NothingToReplay = 3,
}
