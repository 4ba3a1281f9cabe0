namespace Iskra.Platform.Jobs;

/// <summary>How far a job is, in its handler's words.</summary>
/// <param name="Percent">From 0 to 100.</param>
/// <param name="Message">For people; may be null.</param>
public sealed record JobProgress(int Percent, string? Message);
