namespace Iskra.Platform.Jobs;

/// <summary>How a job's next attempt runs. Stored.</summary>
public enum JobMode
{
    /// <summary>The type's handler, in full.</summary>
    Normal = 0,

    /// <summary>The type's handler, asked to do less.</summary>
    Simplified = 1,

    /// <summary>The type's fallback handler.</summary>
    Fallback = 2,
}
