using System.Net;
using System.Net.Sockets;

namespace Iskra.Testing;

/// <summary>Ports of this machine for servers of tests.</summary>
public static class LoopbackPort
{
    /// <summary>A port that was free a moment ago. Another process may take it in between: whoever starts a server tries again.</summary>
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether something accepts connections there.</summary>
    public static async Task<bool> IsOpenAsync(int port, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
