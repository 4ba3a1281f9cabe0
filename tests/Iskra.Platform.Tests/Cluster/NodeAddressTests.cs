using Iskra.Platform.Cluster;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Cluster;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://iskra.example:8443", "https://iskra.example:8443/")]
    public void Publish_Address_IsTakenAsItIs(string listening, string expected)
    {
        NodeAddress address = Create(null);

        address.Publish(listening);

        Assert.Equal(new Uri(expected), address.Current);
    }

    [Theory]
    [InlineData("http://[::]:5080")]
    [InlineData("http://0.0.0.0:5080")]
    public void Publish_Wildcard_BecomesTheMachinesName(string listening)
    {
        NodeAddress address = Create(null);

        address.Publish(listening);

        Assert.Equal(Environment.MachineName, address.Current!.Host, ignoreCase: true);
        Assert.Equal(5080, address.Current.Port);
    }

    [Fact]
    public void Publish_AdvertisedUrl_Wins()
    {
        NodeAddress address = Create("http://10.0.0.7:5080");

        Assert.Null(address.Current);
        address.Publish("http://[::]:5080");

        Assert.Equal(new Uri("http://10.0.0.7:5080"), address.Current);
    }

    [Theory]
    [InlineData("10.0.0.7:5080")]
    [InlineData("ftp://10.0.0.7")]
    [InlineData("http://user:secret@10.0.0.7")]
    public void Validate_WrongUrl_NamesTheKeyAndNotTheValue(string url)
    {
        ValidateOptionsResult result = new ClusterOptionsValidator().Validate(null, new ClusterOptions { AdvertisedUrl = url });

        Assert.True(result.Failed);
        Assert.Contains("Cluster:AdvertisedUrl", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
    }

    private static NodeAddress Create(string? advertised) => new(Options.Create(new ClusterOptions { AdvertisedUrl = advertised }));
}
