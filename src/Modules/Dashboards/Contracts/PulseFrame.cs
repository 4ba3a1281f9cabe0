namespace Iskra.Modules.Dashboards.Contracts;

/// <summary>One second of the pulse, as the WebSocket <c>/ws/pulse</c> and the event stream send it.</summary>
/// <param name="Type">Always <c>frame</c>.</param>
/// <param name="At">When it was measured, UTC.</param>
/// <param name="Sequence">Grows by one each second; a gap means that the reader was too slow and frames were skipped.</param>
/// <param name="Now">The last second.</param>
/// <param name="Recent">The newest commits, newest first.</param>
public sealed record PulseFrame(string Type, DateTimeOffset At, long Sequence, PulseNow Now, IReadOnlyList<PulseCommit> Recent);
