namespace Iskra.Platform.Hosting;

/// <summary>Whether the host has finished its start: readiness waits for it.</summary>
public sealed class StartupState
{
    private volatile bool _completed;

    public bool Completed => _completed;

    /// <summary>Called once by the host, when everything that a request may need is there.</summary>
    public void Complete() => _completed = true;
}
