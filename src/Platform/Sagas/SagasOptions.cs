using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Sagas;

/// <summary>Running of sagas. Section <c>Sagas</c>.</summary>
public sealed class SagasOptions
{
    public const string Section = "Sagas";

    /// <summary>Sagas that this process drives at the same time, at most.</summary>
    [Range(1, 10_000)]
    public int ConcurrencyMax { get; set; } = 32;

    /// <summary>How often due sagas are looked for when nobody says that one was started.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A saga of a process that died goes on elsewhere after this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Characters of a saga's state, at most.</summary>
    [Range(2, 10_000_000)]
    public int StateLengthMax { get; set; } = 100_000;

    /// <summary>Sagas that ended well are deleted when that is this long ago.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Sagas deleted in one transaction, at most.</summary>
    [Range(1, 100_000)]
    public int DeleteBatchMax { get; set; } = 1_000;
}
