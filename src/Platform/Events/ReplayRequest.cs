namespace Iskra.Platform.Events;

/// <summary>Where a replay begins: exactly one of the two.</summary>
/// <param name="FromId">The first event's number in the outbox.</param>
/// <param name="From">The instant from which on events were appended.</param>
internal sealed record ReplayRequest(long? FromId = null, DateTimeOffset? From = null);

/// <summary>Which parked events to try again.</summary>
/// <param name="EventId">One of them; all of the subscriber's when left out.</param>
internal sealed record ParkedRetryRequest(long? EventId = null);

/// <summary>What a retry has done.</summary>
/// <param name="Requeued">Events that are tried again.</param>
internal sealed record ParkedRetryDocument(int Requeued);
