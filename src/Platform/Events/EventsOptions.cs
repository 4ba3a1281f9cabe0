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

    /// <summary>
    /// Shortest time between two reads of the outbox by one loop that has caught up: under load many commits share one read.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan WakeInterval { get; set; } = TimeSpan.FromMilliseconds(20);

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

    /// <summary>Failed attempts at one event after which it is parked for an operator, and the later events of its key behind it.</summary>
    [Range(1, 1_000)]
    public int FailuresMax { get; set; } = 8;

    /// <summary>
    /// Keys of one subscriber that may have parked events. At the limit nothing more is parked: the subscriber waits instead, because not
    /// the events are bad then; <c>iskra_events_parking_refused_total</c> counts it.
    /// </summary>
    [Range(1, 100_000)]
    public int ParkedKeysMax { get; set; } = 1_000;

    /// <summary>
    /// Notes of handled events are deleted when they are this old. Longer than <see cref="UndeliveredRetention"/>, else a queue that was
    /// lost and is filled again from the outbox could bring an event twice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "730.00:00:00")]
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(8);

    /// <summary>A process that runs a subscriber and dies is replaced after this long; one that stops is replaced at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A RabbitMQ server that carries the events between processes: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://…</c> for
    /// TLS. Without it each event is delivered from the database. Holds a password: set it by the variable <c>ISKRA_BROKER</c>.
    /// </summary>
    [AmqpAddress]
    public string? Broker { get; set; }

    /// <summary>What the names of exchanges and queues begin with: installations that share a broker need different ones.</summary>
    [RegularExpression("[a-z0-9-]{1,40}")]
    public string BrokerPrefix { get; set; } = "iskra";

    /// <summary>Events published before their confirmations are waited for, at most.</summary>
    [Range(1, 10_000)]
    public int BrokerPublishMax { get; set; } = 500;

    /// <summary>How long the broker may take to confirm what was published, before it is published again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan BrokerConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the broker may take over anything else. A quorum queue that is asked while it elects its leader may never answer: the
    /// question is asked again on a new connection.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan BrokerOperationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the publisher reads the outbox for what other processes have appended.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:05:00")]
    public TimeSpan BrokerPollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Unacknowledged events that the broker gives to a subscriber in advance, at most.</summary>
    [Range(1, 60_000)]
    public int BrokerPrefetchMax { get; set; } = 1_000;

    /// <summary>
    /// Times that a quorum queue gives an event to processes that die with it, after which it goes to the dead-letter queue: the last net
    /// against an event that kills every process.
    /// </summary>
    [Range(1, 10_000)]
    public int BrokerDeliveryMax { get; set; } = 100;

    /// <summary>Longest wait between two attempts to reach a broker that is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BrokerBackoffMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may take to be made.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan BrokerConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
