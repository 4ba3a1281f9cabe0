namespace Iskra.Platform.Sagas;

/// <summary>
/// A saga's steps in order, under a name and a version. Immutable. A change that would confuse sagas under way (a step added, removed or
/// moved) is a new version; both are registered until the last saga of the old one has ended.
/// </summary>
public sealed class SagaDefinition
{
    /// <summary>Checks and makes a definition.</summary>
    /// <param name="name">Module and noun, such as <c>cards.refund</c>. Stable.</param>
    /// <param name="version">1 or more.</param>
    /// <param name="steps">1 to 100, with different names.</param>
    /// <param name="deadline">A saga that is not through by then is compensated; never when null.</param>
    /// <exception cref="ArgumentException">A part is out of range.</exception>
    public SagaDefinition(string name, int version, IReadOnlyList<SagaStep> steps, TimeSpan? deadline = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count is 0 or > 100 || steps.DistinctBy(step => step.Name).Count() != steps.Count)
        {
            throw new ArgumentException("A saga has 1 to 100 steps with different names.", nameof(steps));
        }

        Name = name;
        Version = version;
        Steps = [.. steps];
        Deadline = deadline;
    }

    /// <summary>Module and noun.</summary>
    public string Name { get; }

    /// <summary>Counts from 1.</summary>
    public int Version { get; }

    /// <summary>In the order of execution; they are compensated backwards.</summary>
    public IReadOnlyList<SagaStep> Steps { get; }

    /// <summary>From the start of a saga to its compensation; null for none.</summary>
    public TimeSpan? Deadline { get; }

    internal string Key => KeyOf(Name, Version);

    internal static string KeyOf(string name, int version) => FormattableString.Invariant($"{name}@{version}");
}
