namespace Iskra.Platform.Sagas;

/// <summary>The definitions that this process knows.</summary>
internal sealed class SagaCatalog
{
    private readonly Dictionary<string, SagaDefinition> _byKey;

    public SagaCatalog(IEnumerable<SagaDefinition> definitions)
    {
        _byKey = new Dictionary<string, SagaDefinition>(StringComparer.Ordinal);
        foreach (SagaDefinition definition in definitions)
        {
            if (!_byKey.TryAdd(definition.Key, definition))
            {
                throw new InvalidOperationException($"Two sagas are registered as {definition.Key}.");
            }
        }

        Keys = [.. _byKey.Keys];
    }

    /// <summary>Name and version of each.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The newest version when none is named.</summary>
    public SagaDefinition? Find(string name, int? version) => version is { } one
        ? _byKey.GetValueOrDefault(SagaDefinition.KeyOf(name, one))
        : _byKey.Values.Where(definition => definition.Name == name).MaxBy(definition => definition.Version);
}
