namespace Iskra.Platform.Security;

/// <summary>
/// Marks an endpoint that callers on this machine (a loopback address) may use without a key; everyone else needs the endpoint's
/// <see cref="RequiredScope"/>. A reverse proxy on the same machine is a loopback caller: it must not forward such a path.
/// </summary>
public sealed class LoopbackOpen
{
    private LoopbackOpen()
    {
    }

    /// <summary>The one instance.</summary>
    public static LoopbackOpen Instance { get; } = new();
}
