using System.Text;
using Iskra.Testing;
using RabbitMQ.Client;
using Xunit;

namespace Iskra.Platform.Tests.Servers;

/// <summary>That the tests' own RabbitMQ is a real one, and keeps what it confirmed when it is killed.</summary>
public sealed class RabbitServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shared_Connect_Opens()
    {
        Requirement.Rabbit();

        RabbitServer rabbit = await RabbitServer.SharedAsync();
        await using IConnection connection = await ConnectAsync(rabbit);

        Assert.True(connection.IsOpen);
    }

    [Fact]
    public async Task Restart_AfterAKill_HasConfirmedMessagesOnTheSamePort()
    {
        Requirement.Rabbit();
        await using RabbitServer rabbit = await RabbitServer.StartAsync();
        await PublishAsync(rabbit, "kept");
        await rabbit.SettleAsync();

        await rabbit.KillAsync();
        bool isOpenWhileDead = await LoopbackPort.IsOpenAsync(rabbit.Address.Port, Cancellation);
        await rabbit.RestartAsync();

        Assert.False(isOpenWhileDead);
        await using IConnection connection = await ConnectAsync(rabbit);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        BasicGetResult? message = await channel.BasicGetAsync("kept", autoAck: true, Cancellation);
        Assert.Equal("hello", Encoding.UTF8.GetString(message!.Body.Span));
    }

    private static async Task<IConnection> ConnectAsync(RabbitServer rabbit) =>
        await new ConnectionFactory { Uri = rabbit.Address }.CreateConnectionAsync(Cancellation);

    private static async Task PublishAsync(RabbitServer rabbit, string queue)
    {
        await using IConnection connection = await ConnectAsync(rabbit);
        CreateChannelOptions confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using IChannel channel = await connection.CreateChannelAsync(confirmed, Cancellation);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        await channel.BasicPublishAsync(
            exchange: string.Empty,
            routingKey: queue,
            mandatory: true,
            new BasicProperties { Persistent = true },
            "hello"u8.ToArray(),
            Cancellation);
    }
}
