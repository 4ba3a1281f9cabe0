using Iskra.Platform.Backup;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;
using Iskra.Testing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Backup;

public sealed class BackupKeyTests
{
    [Fact]
    public void LoadOrCreate_NoKey_MakesOneForItsOwner()
    {
        using TestFolder folder = new();
        BackupKeys keys = Keys(folder, new BackupOptions());

        ulong id = keys.LoadOrCreate(out bool isNew).Id;

        Assert.True(isNew);
        Assert.Equal(id, keys.LoadOrCreate(out isNew).Id);
        Assert.False(isNew);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.FilePath));
        }
    }

    [Fact]
    public void Load_NoKey_SaysHowToGiveIt()
    {
        using TestFolder folder = new();

        BackupException fault = Assert.Throws<BackupException>(() => Keys(folder, new BackupOptions()).Load());

        Assert.Equal(BackupFault.WrongKey, fault.Fault);
        Assert.Contains("ISKRA_BACKUP_KEY", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EnvironmentAndFile_TakesTheEnvironment()
    {
        using TestFolder folder = new();
        Keys(folder, new BackupOptions()).LoadOrCreate(out _);
        ArchiveKey given = ArchiveKey.Create();

        Assert.Equal(given.Id, Keys(folder, new BackupOptions { Key = given.ToBase64() }).Load().Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("no base64 at all, and a secret")]
    public void Parse_NotThirtyTwoBytes_IsNull(string text) => Assert.Null(ArchiveKey.Parse(text));

    [Theory]
    [InlineData("iskra.db", true)]
    [InlineData("keys/cards.json", true)]
    [InlineData("../x", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("a/../../b", false)]
    [InlineData("c:/x", false)]
    [InlineData("a\\b", false)]
    [InlineData("", false)]
    public void IsSafe_PathOfAnArchive_StaysInTheFolder(string path, bool expected) => Assert.Equal(expected, BackupPaths.IsSafe(path));

    [Fact]
    public void StoredNumbers_Enums_NeverChange()
    {
        Assert.Equal(["Full=1", "Differential=2"], Enum.GetValues<BackupKind>().Select(value => $"{value}={(int)value}"));
        Assert.Equal(["Manifest=1", "Data=2", "Index=3"], Enum.GetValues<ChunkType>().Select(value => $"{value}={(int)value}"));
        Assert.Equal(["Sqlite=0", "Postgres=1"], Enum.GetValues<DatabaseEngine>().Select(value => $"{value}={(int)value}"));
    }

    private static BackupKeys Keys(TestFolder folder, BackupOptions options) =>
        new(Options.Create(options), Options.Create(new DataOptions { Folder = folder["data"] }));
}
