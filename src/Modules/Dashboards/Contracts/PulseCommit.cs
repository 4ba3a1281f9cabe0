namespace Iskra.Modules.Dashboards.Contracts;

/// <summary>Transfers that were committed together.</summary>
/// <param name="At">When they became durable, UTC.</param>
/// <param name="Transfers">How many.</param>
/// <param name="FirstSequence">The journal number of the first.</param>
/// <param name="LastSequence">The journal number of the last.</param>
public sealed record PulseCommit(DateTimeOffset At, long Transfers, long FirstSequence, long LastSequence);
