using System.ComponentModel;

namespace Iskra.Platform.Jobs.Api;

/// <summary>The answer to a retry of all dead jobs of a type.</summary>
public sealed record RetriedJobs(
    int Retried,
    [property: Description("True when there may be more: send the request again.")] bool HasMore);

/// <summary>The answer of a person to a job that waits at its deadline.</summary>
public sealed record JobAnswer
{
    [Description("True: go on, with a new deadline. False: cancel.")]
    public required bool GoOn { get; init; }
}
