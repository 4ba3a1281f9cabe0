using Microsoft.Extensions.Options;

namespace Iskra.Platform.Cluster;

/// <summary>Where the other processes of the installation reach this one; known once the server listens. Thread-safe.</summary>
public sealed class NodeAddress
{
    private readonly TaskCompletionSource<Uri> _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri? _advertised;
    private Uri? _current;

    internal NodeAddress(IOptions<ClusterOptions> options) =>
        _advertised = options.Value.AdvertisedUrl is { Length: > 0 } url ? new Uri(url) : null;

    /// <summary>Ends when the server listens; never in a process that serves nothing.</summary>
    public Task<Uri> Known => _known.Task;

    /// <summary>The address once it is known; null before.</summary>
    public Uri? Current => Volatile.Read(ref _current);

    /// <summary>Says what the server listens on; the first call counts.</summary>
    /// <param name="listening">As Kestrel names it, such as <c>http://[::]:5080</c>.</param>
    public void Publish(string listening)
    {
        Uri address = _advertised ?? Reachable(listening);
        if (Interlocked.CompareExchange(ref _current, address, null) is null)
        {
            _known.SetResult(address);
        }
    }

    private static Uri Reachable(string listening)
    {
        UriBuilder address = new(listening);
        if (address.Host is "0.0.0.0" or "[::]" or "::" or "+" or "*")
        {
            address.Host = Environment.MachineName;
        }

        return address.Uri;
    }
}
