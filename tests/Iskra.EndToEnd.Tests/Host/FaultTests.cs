using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

public sealed class FaultTests
{
    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("no-such-command")]
    [InlineData("serve", "--roles", "cards,no-such-role")]
    [InlineData("serve", "--urls", "nonsense")]
    [InlineData("serve", "--log-format", "xml")]
    [InlineData("demo", "--speed", "5000")]
    [InlineData("doctor", "--require", "no-such-program")]
    public async Task Run_WrongOption_OneLineAndUsage(params string[] arguments) =>
        AssertFault(await IskraProcess.RunAsync(null, arguments), ExitCode.Usage, "");

    [Fact]
    public async Task Serve_PortTaken_SaysSo()
    {
        using TestFolder folder = new();
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        IskraResult result = await IskraProcess.RunAsync(null, "serve", "--data", folder["data"], "--urls", $"http://127.0.0.1:{port}");
        AssertFault(result, ExitCode.AddressInUse, port);
        Assert.DoesNotContain("isk_", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FolderUnderAFile_SaysSo()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["file"], "", TestContext.Current.CancellationToken);
        AssertFault(await ServeAsync(Path.Combine(folder["file"], "data")), ExitCode.DataFolderNotWritable, "--data");
    }

    [Fact]
    public async Task Serve_FolderInUse_SaysWhoHoldsIt()
    {
        using TestFolder folder = new();
        await using IskraProcess holder = await IskraProcess.StartAsync(folder["data"]);
        AssertFault(await ServeAsync(folder["data"]), ExitCode.StoreInUse, holder.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Serve_NewerDatabase_SaysSo()
    {
        using TestFolder folder = new();
        await ChangeAsync(
            folder["data"],
            "insert into schema_migrations (module, version, name, checksum, applied_at) values ('platform', 9999, 'future', 'x', 0)");
        AssertFault(await ServeAsync(folder["data"]), ExitCode.DatabaseNewer, "newer");
    }

    [Fact]
    public async Task Serve_ChangedMigration_SaysSo()
    {
        using TestFolder folder = new();
        await ChangeAsync(folder["data"], "update schema_migrations set checksum = 'x' where module = 'platform' and version = 1");
        AssertFault(await ServeAsync(folder["data"]), ExitCode.MigrationChanged, "0001_security.sql");
    }

    [Fact]
    public async Task Serve_BadSettings_NamesEveryKey()
    {
        using TestFolder folder = new();
        Dictionary<string, string?> environment = new()
        {
            ["ISKRA__Limits__Connections"] = "0",
            ["ISKRA__Limits__RequestTimeout"] = "soon",
            ["ISKRA__Security__CacheEntriesMax"] = "-1",
            ["ISKRA__Limits__Conections"] = "5",
            ["ISKRA_ADMIN_KEY"] = "short",
        };
        IskraResult result = await IskraProcess.RunAsync(environment, "serve", "--data", folder["data"]);
        AssertFault(result, ExitCode.BadConfiguration, "Limits:Connections");
        Assert.Contains("Limits:RequestTimeout", result.Error, StringComparison.Ordinal);
        Assert.Contains("Limits:Conections", result.Error, StringComparison.Ordinal);
        Assert.Contains("Security:CacheEntriesMax", result.Error, StringComparison.Ordinal);
        Assert.Contains("ISKRA_ADMIN_KEY", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("soon", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Serve_ConfigFileMissingOrBroken_SaysSo()
    {
        using TestFolder folder = new();
        AssertFault(await ServeAsync(folder["data"], "--config", folder["none.json"]), ExitCode.BadConfiguration, "none.json");
        await File.WriteAllTextAsync(folder["bad.json"], "{ nonsense", TestContext.Current.CancellationToken);
        AssertFault(await ServeAsync(folder["data"], "--config", folder["bad.json"]), ExitCode.BadConfiguration, "bad.json");
    }

    [Fact]
    public async Task Serve_HttpsWithoutCertificate_SaysSo()
    {
        using TestFolder folder = new();
        string url = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{IskraProcess.FreePort()}");
        IskraResult result = await IskraProcess.RunAsync(
            new Dictionary<string, string?> { ["HOME"] = folder.FullPath }, "serve", "--data", folder["data"], "--urls", url);
        AssertFault(result, ExitCode.BadConfiguration, "Kestrel:Certificates");
    }

    private static Task<IskraResult> ServeAsync(string folder, params string[] more)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{IskraProcess.FreePort()}");
        return IskraProcess.RunAsync(null, ["serve", "--data", folder, "--urls", url, .. more]);
    }

    private static async Task ChangeAsync(string folder, string sql)
    {
        await using Database database = await Database.OpenAsync(
            new DataOptions { Folder = folder }, [], StoreAccess.Exclusive, cancellationToken: TestContext.Current.CancellationToken);
        await database.WriteAsync(session => session.ExecuteAsync(sql), TestContext.Current.CancellationToken);
    }

    private static void AssertFault(IskraResult result, ExitCode exitCode, string text)
    {
        Assert.True(result.ExitCode == (int)exitCode, $"exit code {result.ExitCode}: {result.Error}");
        string line = Assert.Single(result.Faults);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }
}
