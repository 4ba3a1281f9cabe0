namespace Iskra.Platform.Jobs;

/// <summary>One type's queue, as last measured, and this process's workers on it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Depth">Jobs that could start now.</param>
/// <param name="OldestAge">How long the oldest of them has waited.</param>
/// <param name="Running">Attempts under way in this process.</param>
/// <param name="Workers">Workers of this process.</param>
internal sealed record QueueMeasure(string Type, long Depth, TimeSpan OldestAge, int Running, int Workers);
