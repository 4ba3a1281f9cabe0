namespace Iskra.Platform.Caching;

/// <summary>
/// Tells the other processes what to forget. Messages may be lost and come twice; when some may have been lost, <see cref="Changed"/> says
/// so. Thread-safe.
/// </summary>
internal interface ICacheBus
{
    /// <summary>
    /// Called with true when messages arrive from now on, with false when they no longer do. Some may be lost in between.
    /// </summary>
    event Action<bool>? Changed;

    /// <summary>Gets the messages of others and its own.</summary>
    event Action<string>? Received;

    /// <summary>Whether messages arrive now.</summary>
    bool IsUp { get; }

    /// <summary>A message's bytes in UTF-8, at most.</summary>
    int MessageBytesMax { get; }

    /// <summary>Sends a message in the background; failures are counted.</summary>
    void Publish(string message);
}
