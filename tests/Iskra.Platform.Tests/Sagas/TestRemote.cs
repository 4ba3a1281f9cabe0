using System.Collections.Concurrent;

namespace Iskra.Platform.Tests.Sagas;

/// <summary>
/// A simulated service outside: it knows repeats by their key, and a compensation that comes before its step shuts the key. It counts what
/// it would have done without that.
/// </summary>
internal sealed class TestRemote
{
    private readonly ConcurrentDictionary<string, bool> _effects = new(StringComparer.Ordinal);

    /// <summary>Keys that stand now.</summary>
    public IReadOnlySet<string> Standing => _effects.Where(pair => pair.Value).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

    public void Execute(string key) => _effects.TryAdd(key, true);

    public void Undo(string key) => _effects[key] = false;
}
