using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>What the start makes, and what it refuses.</summary>
public sealed class EncryptionStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FirstTime_MakesKeysForTheOwnerOnlyAndSaysWhere()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);

        string? said = await StartAsync(keys);

        string file = Path.Combine(keys.KeyFolder, "root.key");
        Assert.Equal(Path.GetFullPath(file), said);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Owner, File.GetUnixFileMode(file));
            Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(keys.KeyFolder, "erasure.shares")));
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(keys.KeyFolder));
        }

        await keys.CloseAsync();
        Assert.Null(await StartAsync(keys));
    }

    [Theory]
    [InlineData("root.key", "is missing")]
    [InlineData("erasure.shares", "are missing")]
    public async Task Run_KeyFileGone_RefusesAndMakesNoOther(string file, string expected)
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);
        await StartAsync(keys);
        await keys.CloseAsync();
        File.Delete(Path.Combine(keys.KeyFolder, file));

        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => StartAsync(keys));

        Assert.Equal(ExitCode.BadConfiguration, fault.ExitCode);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(keys.KeyFolder, file)));
    }

    [Fact]
    public async Task Run_SharesOfAnotherDatabase_Refuses()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);
        await using TestKeys others = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);
        await StartAsync(keys);
        await StartAsync(others);
        await keys.CloseAsync();
        File.Copy(Path.Combine(others.KeyFolder, "erasure.shares"), Path.Combine(keys.KeyFolder, "erasure.shares"), overwrite: true);

        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => StartAsync(keys));

        Assert.Contains("ISKRA_KEY_DATABASE", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all, but long enough to be some")]
    [InlineData("AAAA")]
    public async Task Run_RootKeyFileWithSomethingElse_RefusesWithoutShowingIt(string content)
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);
        string file = keys["given.key"];
        await File.WriteAllTextAsync(file, content, Token);
        keys.Settings["Encryption:RootKeyFile"] = file;

        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => StartAsync(keys));

        Assert.Equal(ExitCode.BadConfiguration, fault.ExitCode);
        Assert.True(content.Length == 0 || !fault.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SecondReplicaWithAnotherKey_IsRefusedAndNamesTheRemedy()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Postgres);
        keys.Data.Folder = keys["one"];
        await StartAsync(keys);
        keys.Data.Folder = keys["two"];

        StartupException missing = await Assert.ThrowsAsync<StartupException>(() => StartAsync(keys));
        keys.Settings["Encryption:RootKey"] = Convert.ToBase64String(new byte[32]);
        StartupException other = await Assert.ThrowsAsync<StartupException>(() => StartAsync(keys));

        Assert.Contains("ISKRA_ROOT_KEY", missing.Message, StringComparison.Ordinal);
        Assert.Contains("all replicas need the same one", other.Message, StringComparison.Ordinal);
        Assert.Equal((ExitCode.BadConfiguration, ExitCode.BadConfiguration), (missing.ExitCode, other.ExitCode));
    }

    [Fact]
    public async Task Cache_MoreKeysThanItMayHold_StaysBoundedAndExpires()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Sqlite);
        keys.Settings["Encryption:CacheKeysMax"] = "16";
        ServiceProvider services = await keys.OpenAsync();
        FieldName field = new("people", "name");
        for (int i = 0; i < 40; i++)
        {
            int row = i;
            await services.GetRequiredService<Database>().WriteAsync(
                session => services.GetRequiredService<FieldCipher>().SealAsync(
                    session, FieldAddress.Of(TenantId.Default, field, row), new SubjectId($"s{row}"), new byte[1]).AsTask(),
                Token);
        }

        DataKeyCache cache = services.GetRequiredService<DataKeyCache>();
        Assert.Equal(16, cache.Count);
        keys.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, cache.Count);
    }

    private static async Task<string?> StartAsync(TestKeys keys)
    {
        ServiceProvider services = await keys.OpenAsync();
        return await services.GetRequiredService<EncryptionStart>().RunAsync(Token);
    }
}
