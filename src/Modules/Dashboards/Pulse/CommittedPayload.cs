namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>The payload of <c>cards.transfers.committed</c>, version 1.</summary>
internal sealed record CommittedPayload(long FirstSequence, long LastSequence, long Transfers, DateTimeOffset At);
