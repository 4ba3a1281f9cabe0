namespace Iskra.Platform.Jobs;

/// <summary>Which jobs a list shows.</summary>
public sealed record JobFilter
{
    /// <summary>Of this type; null: all.</summary>
    public string? Type { get; init; }

    /// <summary>In these states; empty: all.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>Enqueued before this job, which was the last one of the page before; null: from the newest.</summary>
    public Guid? Before { get; init; }

    /// <summary>Jobs, at most.</summary>
    public int Limit { get; init; } = 50;
}
