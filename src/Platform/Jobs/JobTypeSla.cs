namespace Iskra.Platform.Jobs;

/// <summary>How a type has kept its times in this process since its start. Percentiles are within 5 %; null before the first job.</summary>
/// <param name="Type">The type's name.</param>
/// <param name="Ended">Jobs that ended here.</param>
/// <param name="Done">Of them, those that succeeded.</param>
/// <param name="Failures">Attempts that failed.</param>
/// <param name="TargetMisses">Jobs that ended later than the type's target.</param>
/// <param name="Overruns">Jobs over the type's maximum.</param>
/// <param name="Wait">From the instant when a job could start to its start.</param>
/// <param name="Run">Duration of an attempt.</param>
/// <param name="Total">From the instant when a job could start to its end: what target and maximum are about.</param>
public sealed record JobTypeSla(
    string Type, long Ended, long Done, long Failures, long TargetMisses, long Overruns, JobPercentiles Wait, JobPercentiles Run,
    JobPercentiles Total);

/// <summary>Percentiles of a duration.</summary>
/// <param name="P50">The median.</param>
/// <param name="P95">At most so long in 95 of 100.</param>
/// <param name="P99">At most so long in 99 of 100.</param>
public sealed record JobPercentiles(TimeSpan? P50, TimeSpan? P95, TimeSpan? P99);
