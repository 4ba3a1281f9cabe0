using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Events;

/// <summary>Delivery of events. Section <c>Events</c>.</summary>
public sealed class EventsOptions
{
    public const string Section = "Events";

    /// <summary>Events given to a subscriber at once, at most.</summary>
    [Range(1, 10_000)]
    public int BatchMax { get; set; } = 200;

    /// <summary>How often the outbox is read when nobody says that something was written: the safety net.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Wait between an append, whose transaction still has to commit, and the read that looks for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan CommitDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>First wait after a subscriber failed; it doubles with each failure in a row.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan BackoffFirst { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait after a failure.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Events that all subscribers have had are deleted when they are this old.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Events are deleted when they are this old even if a subscriber has not had them, so that one that never comes back doesn't fill
    /// the disk; <c>iskra_events_expired_total</c> counts them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan UndeliveredRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Time between two clean-ups.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Events deleted in one transaction, at most.</summary>
    [Range(1, 100_000)]
    public int DeleteBatchMax { get; set; } = 1_000;
}
