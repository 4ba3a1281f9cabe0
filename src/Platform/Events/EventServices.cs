using Iskra.Platform.Data;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Events;

/// <summary>What every loop of this capability works with.</summary>
internal sealed class EventServices
{
    public EventServices(
        Database database,
        OutboxStore outbox,
        CursorStore cursors,
        ParkedStore parked,
        EventSignal signal,
        IOptions<EventsOptions> options,
        EventsMetrics metrics,
        TimeProvider time)
    {
        Database = database;
        Outbox = outbox;
        Cursors = cursors;
        Parked = parked;
        Signal = signal;
        Options = options.Value;
        Metrics = metrics;
        Time = time;
    }

    public Database Database { get; }

    public OutboxStore Outbox { get; }

    public CursorStore Cursors { get; }

    public ParkedStore Parked { get; }

    public EventSignal Signal { get; }

    public EventsOptions Options { get; }

    public EventsMetrics Metrics { get; }

    public TimeProvider Time { get; }
}
