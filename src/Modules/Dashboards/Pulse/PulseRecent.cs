using System.Text.Json;
using Iskra.Modules.Dashboards.Contracts;
using Iskra.Platform.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>The newest commits, from the events that the ledger writes with them.</summary>
internal sealed class PulseRecent : IEventSubscriber
{
    public const string CommittedType = "cards.transfers.committed";

    private readonly int _recentMax;
    private readonly ILogger<PulseRecent> _log;
    private readonly Lock _gate = new();
    private PulseCommit[] _newestFirst = [];

    public PulseRecent(IOptions<PulseOptions> options, ILogger<PulseRecent> log)
    {
        _recentMax = options.Value.RecentMax;
        _log = log;
    }

    public string Name => "dashboards.pulse";

    public IReadOnlyList<string> Types { get; } = [CommittedType];

    public EventStart StartAt => EventStart.End;

    public EventAudience Audience => EventAudience.EachProcess;

    /// <summary>Newest first; the list never changes.</summary>
    public IReadOnlyList<PulseCommit> NewestFirst => Volatile.Read(ref _newestFirst);

    public Task HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken)
    {
        // Of a long batch only the end can be seen.
        List<PulseCommit> commits = new(_recentMax);
        for (int i = batch.Count - 1; i >= 0 && commits.Count < _recentMax; i--)
        {
            if (Parse(batch[i]) is { } commit)
            {
                commits.Add(commit);
            }
        }

        lock (_gate)
        {
            // A repeat after a failure brings the same sequences again.
            IEnumerable<PulseCommit> all = commits.Concat(_newestFirst).DistinctBy(commit => commit.LastSequence);
            Volatile.Write(ref _newestFirst, [.. all.OrderByDescending(commit => commit.LastSequence).Take(_recentMax)]);
        }

        return Task.CompletedTask;
    }

    private PulseCommit? Parse(StoredEvent stored)
    {
        try
        {
            CommittedPayload? payload = JsonSerializer.Deserialize(stored.Payload, PulseJson.Default.CommittedPayload);
            return payload is null
                ? null
                : new PulseCommit(payload.At.ToUniversalTime(), payload.Transfers, payload.FirstSequence, payload.LastSequence);
        }
        catch (JsonException)
        {
            // A picture of what happens may miss one event; stopping at it would miss all that follow.
            _log.EventUnreadable(stored.Id, stored.SchemaVersion);
            return null;
        }
    }
}
