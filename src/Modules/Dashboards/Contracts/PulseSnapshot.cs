namespace Iskra.Modules.Dashboards.Contracts;

/// <summary>The pulse with its history: what a page needs to begin with.</summary>
/// <param name="Type">Always <c>snapshot</c>.</param>
/// <param name="At">When the last point was measured, UTC.</param>
/// <param name="Sequence">The sequence of the last frame that it includes.</param>
/// <param name="IntervalSeconds">Seconds between two frames.</param>
/// <param name="Now">The last second.</param>
/// <param name="History">The last fifteen minutes.</param>
/// <param name="Recent">The newest commits, newest first.</param>
public sealed record PulseSnapshot(
    string Type,
    DateTimeOffset At,
    long Sequence,
    int IntervalSeconds,
    PulseNow Now,
    PulseHistory History,
    IReadOnlyList<PulseCommit> Recent);
