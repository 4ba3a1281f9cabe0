using System.Text.Json;
using Iskra.Modules.Dashboards.Contracts;
using Microsoft.Extensions.Options;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>
/// The pulse as everyone sees it. A frame is built and serialised once a second; the snapshot, which is longer, when somebody asks for it
/// and then once a second at most. Thread-safe.
/// </summary>
internal sealed class PulseState
{
    private readonly PulseRecent _recent;
    private readonly Lock _gate = new();
    private readonly PulseHistoryBuffer _history;
    private PulseFrame _frame;
    private byte[]? _snapshot;
    private long _snapshotSequence;

    public PulseState(IOptions<PulseOptions> options, PulseRecent recent, TimeProvider time)
    {
        _recent = recent;
        _history = new PulseHistoryBuffer(options.Value.HistoryMax);
        _frame = new PulseFrame("frame", time.GetUtcNow(), 0, PulseNow.Idle, []);
    }

    /// <summary>Takes the next second in and returns its frame, serialised.</summary>
    public byte[] Advance(DateTimeOffset at, PulseNow now)
    {
        lock (_gate)
        {
            _history.Add(now);
            _frame = new PulseFrame("frame", at, _frame.Sequence + 1, now, _recent.NewestFirst);
            return JsonSerializer.SerializeToUtf8Bytes(_frame, PulseJson.Default.PulseFrame);
        }
    }

    /// <summary>The snapshot, serialised; the same bytes to all who ask within one second.</summary>
    public byte[] SnapshotBytes()
    {
        lock (_gate)
        {
            if (_snapshot is null || _snapshotSequence != _frame.Sequence)
            {
                PulseSnapshot snapshot = new(
                    "snapshot", _frame.At, _frame.Sequence, IntervalSeconds: 1, _frame.Now, _history.ToHistory(_frame.At), _frame.Recent);
                _snapshot = JsonSerializer.SerializeToUtf8Bytes(snapshot, PulseJson.Default.PulseSnapshot);
                _snapshotSequence = _frame.Sequence;
            }

            return _snapshot;
        }
    }
}
