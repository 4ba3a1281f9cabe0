namespace Iskra.Platform.Events;

/// <summary>A parked event as the API shows it: everything but the payload, which may hold what an operator need not see.</summary>
/// <param name="Seq">Its place in the order of parking.</param>
/// <param name="EventId">Its number in the outbox.</param>
/// <param name="Type">As <see cref="DomainEvent.Type"/>.</param>
/// <param name="SchemaVersion">As <see cref="DomainEvent.SchemaVersion"/>.</param>
/// <param name="Key">As <see cref="DomainEvent.Key"/>.</param>
/// <param name="State">Whether it failed itself or waits behind one that did.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="ErrorKind">The type of its last failure.</param>
/// <param name="CreatedAt">When it was appended.</param>
/// <param name="ParkedAt">When it was parked, or failed again.</param>
internal sealed record ParkedDocument(
    long Seq,
    long EventId,
    string Type,
    int SchemaVersion,
    string Key,
    ParkedState State,
    int Attempts,
    string? ErrorKind,
    DateTimeOffset CreatedAt,
    DateTimeOffset ParkedAt);
