using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;

namespace Iskra.Platform.Tests.Data.Schema;

public sealed class MigrationTests
{
    private const string Text = "first\n-- engine: sqlite\nlite\n-- engine: postgres\npost\n-- engine: any\nlast\n";

    [Theory]
    [InlineData(DatabaseEngine.Sqlite, "first\nlite\nlast")]
    [InlineData(DatabaseEngine.Postgres, "first\npost\nlast")]
    public void For_Sections_KeepsWhatIsForTheEngine(DatabaseEngine engine, string expected) =>
        Assert.Equal(expected, new Migration("m", 1, "a", Text).For(engine));

    [Fact]
    public void For_UnknownEngine_IsAnError()
    {
        Migration migration = new("m", 1, "a", "-- engine: oracle\nselect 1");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => migration.For(DatabaseEngine.Sqlite));

        Assert.Contains("m/0001_a.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checksum_OtherEnginesSection_CountsToo() =>
        Assert.NotEqual(
            new Migration("m", 1, "a", Text).Checksum,
            new Migration("m", 1, "a", Text.Replace("post", "other", StringComparison.Ordinal)).Checksum);

    [Fact]
    public void Read_PlatformAssembly_FindsItsFilesInOrder()
    {
        IReadOnlyList<Migration> migrations = MigrationReader.Read([MigrationSet.Platform, MigrationSet.Platform, MigrationSet.None]);

        Assert.NotEmpty(migrations);
        Assert.Equal(Enumerable.Range(1, migrations.Count), migrations.Select(migration => migration.Version));
        Assert.All(migrations, migration => Assert.Equal("platform", migration.Module));
    }
}
