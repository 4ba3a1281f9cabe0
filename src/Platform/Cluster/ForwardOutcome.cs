namespace Iskra.Platform.Cluster;

/// <summary>What became of a request that was passed on.</summary>
public enum ForwardOutcome
{
    /// <summary>The other process answered, and its answer was sent.</summary>
    Answered = 0,

    /// <summary>No connection: the other process has not seen the request. Nothing was sent.</summary>
    Unreachable = 1,

    /// <summary>The connection broke after the request was sent, so what became of it is unknown. Nothing was sent.</summary>
    Broken = 2,

    /// <summary>Too many requests are on their way already. Nothing was sent.</summary>
    LimitReached = 3,
}
