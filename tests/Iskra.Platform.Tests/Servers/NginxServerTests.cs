using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Servers;

/// <summary>That the tests' own nginx runs the text that a test gives it.</summary>
public sealed class NginxServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithAServer_AnswersAndComesBackAfterAKill()
    {
        Requirement.Nginx();
        using HttpClient client = new();
        await using NginxServer nginx = await NginxServer.StartAsync(
            port => $$"""server { listen 127.0.0.1:{{port}}; location / { return 200 "here"; } }""");
        Assert.Equal("here", await client.GetStringAsync(nginx.Address, Cancellation));

        await nginx.KillAsync();
        bool isOpenWhileDead = await LoopbackPort.IsOpenAsync(nginx.Port, Cancellation);
        await nginx.RestartAsync();

        Assert.False(isOpenWhileDead);
        Assert.Equal("here", await client.GetStringAsync(nginx.Address, Cancellation));
    }
}
