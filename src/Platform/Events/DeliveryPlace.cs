namespace Iskra.Platform.Events;

/// <summary>Where a batch comes from, and so what has to be noted when it is handled.</summary>
/// <param name="Epoch">The subscriber's epoch under which it is handled.</param>
/// <param name="Page">The page of the outbox; null for events from the broker, which have no cursor.</param>
/// <param name="UsesInbox">Whether the batch may hold events that were handled before.</param>
internal sealed record DeliveryPlace(long Epoch, EventPage? Page, bool UsesInbox);
