using System.Diagnostics.CodeAnalysis;

namespace Iskra.Platform.Hosting;

/// <summary>What reading a body gave: a value, or the problem to answer with.</summary>
public readonly struct JsonBodyResult<T>
    where T : class
{
    internal JsonBodyResult(T? value, ProblemResult? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public ProblemResult? Problem { get; }

    /// <summary>True with a value, false with a problem.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ProblemResult? problem)
    {
        value = Value;
        problem = Problem;
        return value is not null;
    }
}
