using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>
/// A channel that ends within a time. The client's own end waits for the broker, and on a connection whose broker was killed that can be
/// for ever: what waits there is left behind, with its connection.
/// </summary>
internal sealed class BrokerChannel(IChannel channel, TimeSpan timeout) : IAsyncDisposable
{
    public IChannel Channel => channel;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await channel.DisposeAsync().AsTask().WaitAsync(timeout);
        }
        catch (Exception)
        {
            // It was broken already, and nothing depends on a good end.
        }
    }
}
