namespace Iskra.Platform.Hosting;

/// <summary>A module's part of the answer to a question about the whole system; registered as a singleton by the module.</summary>
/// <param name="Name">The question, for instance <see cref="Empty"/>.</param>
/// <param name="IsTrueAsync">The module's answer now; cheap (an EXISTS query at most).</param>
public sealed record SystemFact(string Name, Func<CancellationToken, Task<bool>> IsTrueAsync)
{
    /// <summary>"Does this module hold no data of a user's yet?" The system is empty when every module says yes.</summary>
    public const string Empty = "empty";
}
