using Iskra.Platform.Events;

namespace Iskra.Platform.Sagas;

/// <summary>Wakes the runner of this process when a saga is started or retried; the poll is the safety net.</summary>
internal sealed class SagaSignal
{
    public EventSignal Started { get; } = new();
}
