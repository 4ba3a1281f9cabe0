using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Iskra.Platform.Jobs;

/// <summary>Every registered type, by name.</summary>
internal sealed class JobTypes
{
    private readonly FrozenDictionary<string, JobType> _byName;

    public JobTypes(IEnumerable<JobType> types)
    {
        All = [.. types];
        foreach (JobType type in All)
        {
            type.Check();
        }

        if (All.GroupBy(type => type.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"Two job types are named '{twice.Key}'.");
        }

        _byName = All.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<JobType> All { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out JobType? type) => _byName.TryGetValue(name, out type);
}
