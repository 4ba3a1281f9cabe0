using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Data;

public sealed class DataRegistrationTests
{
    [Fact]
    public void ReadOptions_Nothing_GivesTheDefaults()
    {
        DataOptions options = DataRegistration.ReadOptions(Configuration());

        Assert.Equal("data", options.Folder);
        Assert.Null(options.Database);
        Assert.Equal(
            (4, 10_000, 500, 50),
            (options.SqliteReaders, options.SqliteWriteQueueMax, options.SqliteGroupMax, options.PostgresConnectionsMax));
    }

    [Theory]
    [InlineData("Data:Folder", "")]
    [InlineData("Data:SqliteReaders", "0")]
    [InlineData("Data:SqliteWriteQueueMax", "0")]
    [InlineData("Data:SqliteGroupMax", "10001")]
    [InlineData("Data:PostgresConnectionsMax", "1001")]
    [InlineData("Data:PostgresConnectAttempts", "9")]
    [InlineData("Data:SqliteReaders", "many")]
    [InlineData("Data:Database", "mysql://localhost/db")]
    [InlineData("Data:Replicas:0", "Host=")]
    public void ReadOptions_Fault_NamesTheKey(string key, string value)
    {
        StartupException error = Assert.Throws<StartupException>(() => DataRegistration.ReadOptions(
            Configuration(("Data:Database", "Host=h"), (key, value))));

        Assert.Equal(ExitCode.BadConfiguration, error.ExitCode);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOptions_ManyFaults_AreAllReported()
    {
        StartupException error = Assert.Throws<StartupException>(() => DataRegistration.ReadOptions(
            Configuration(("Data:SqliteReaders", "0"), ("Data:SqliteGroupMax", "0"), ("Data:Replicas:0", "Host=h"))));

        Assert.Contains("Data:SqliteReaders", error.Message, StringComparison.Ordinal);
        Assert.Contains("Data:SqliteGroupMax", error.Message, StringComparison.Ordinal);
        Assert.Contains("Data:Replicas needs Data:Database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddIskraData_BadValue_FailsTheOptions()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddIskraData(Configuration(("Data:SqliteReaders", "65")))
            .BuildServiceProvider();

        OptionsValidationException error =
            Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DataOptions>>().Value);

        Assert.Contains("Data:SqliteReaders", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.GroupBy(s => s.Key).Select(g => KeyValuePair.Create(g.Key, (string?)g.Last().Value)))
            .Build();
}
