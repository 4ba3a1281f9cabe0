using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>Erasure, on both engines. The table <c>people</c> stands for any module's.</summary>
public abstract class SubjectKeysTests(DatabaseEngine engine)
{
    private static readonly FieldName Name = new("people", "name");
    private static readonly SubjectId Anna = new("anna");
    private static readonly SubjectId Boris = new("boris");
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("a secret");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Destroy_Subject_ErasesItAloneAtOnce()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        byte[] annas = await SealAsync(services, 1, Anna);
        byte[] borises = await SealAsync(services, 2, Boris);

        Assert.Equal(DestroyOutcome.Destroyed, await DestroyAsync(services, Anna));

        Assert.True((await OpenAsync(services, 1, annas)).IsErased);
        Assert.Equal(Plain, (await OpenAsync(services, 2, borises)).Bytes);
        Assert.Equal(DestroyOutcome.AlreadyDestroyed, await DestroyAsync(services, Anna));
        Assert.Equal(DestroyOutcome.NotFound, await DestroyAsync(services, new SubjectId("clara")));
        await Assert.ThrowsAsync<SubjectErasedException>(() => SealAsync(services, 3, Anna));
    }

    [Fact]
    public async Task Destroy_ThenTheOldDatabaseIsRestored_CantBeReadThereEither()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider before = await keys.OpenAsync();
        byte[] annas = await SealAsync(before, 1, Anna);
        byte[] borises = await SealAsync(before, 2, Boris);
        await keys.CloseAsync();
        TestCopy copy = await TestCopy.TakeAsync(keys);

        ServiceProvider erasing = await keys.OpenAsync();
        await DestroyAsync(erasing, Anna);
        await keys.CloseAsync();
        await copy.RestoreAsync(keys);
        ServiceProvider restored = await keys.OpenAsync();

        // The copy holds the wrapped key as it was; what it needs besides is gone.
        Assert.Equal(1, await restored.GetRequiredService<Database>().ReadAsync(
            session => session.ScalarAsync<long>(
                "select count(*) from encryption_data_keys where subject = 'anna' and wrapped is not null and destroyed_at is null"),
            Token));
        Assert.True((await OpenAsync(restored, 1, annas)).IsErased);
        Assert.Equal(Plain, (await OpenAsync(restored, 2, borises)).Bytes);
        await Assert.ThrowsAsync<SubjectErasedException>(() => SealAsync(restored, 3, Anna));
    }

    [Fact]
    public async Task Seal_AfterARestore_NeverTakesAShareThatWasGivenOut()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        await SealAsync(await keys.OpenAsync(), 1, Anna);
        await keys.CloseAsync();
        TestCopy copy = await TestCopy.TakeAsync(keys);
        ServiceProvider later = await keys.OpenAsync();
        await SealAsync(later, 2, Boris);
        long given = await SlotOfAsync(later, Boris);
        await keys.CloseAsync();
        await copy.RestoreAsync(keys);

        ServiceProvider restored = await keys.OpenAsync();
        await SealAsync(restored, 2, Boris);

        Assert.NotEqual(given, await SlotOfAsync(restored, Boris));
    }

    [Fact]
    public async Task Start_AfterACrashInTheMiddleOfAnErasure_FinishesIt()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        await SealAsync(services, 1, Anna);
        long slot = await SlotOfAsync(services, Anna);
        Database database = services.GetRequiredService<Database>();
        await database.WriteAsync(
            session => session.ExecuteAsync("update encryption_data_keys set wrapped = null, destroyed_at = 1 where subject = 'anna'"),
            Token);

        await services.GetRequiredService<EncryptionStart>().RunAsync(Token);

        IErasureStore store = await services.GetRequiredService<ErasureShares>().StoreAsync(cancellationToken: Token);
        Assert.Null(await store.ReadAsync(slot, Token));
        Assert.NotNull(await store.ReadAsync(slot + 1, Token));
    }

    [Fact]
    public async Task Destroy_WithAMirror_DestroysTheMirrorsShareToo()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        keys.Settings["Encryption:MirrorFolder"] = keys["mirror"];
        ServiceProvider services = await keys.OpenAsync();
        await SealAsync(services, 1, Anna);
        byte[] borises = await SealAsync(services, 2, Boris);
        await DestroyAsync(services, Anna);
        await keys.CloseAsync();
        string own = Path.Combine(keys.KeyFolder, FileErasureStore.FileName);
        string mirror = Path.Combine(keys["mirror"], FileErasureStore.FileName);

        Assert.Equal(await File.ReadAllBytesAsync(own, Token), await File.ReadAllBytesAsync(mirror, Token));
        File.Delete(own);
        Assert.Equal(Plain, (await OpenAsync(await keys.OpenAsync(), 2, borises)).Bytes);
    }

    private static Task<DestroyOutcome> DestroyAsync(IServiceProvider services, SubjectId subject) =>
        services.GetRequiredService<SubjectKeys>().DestroyAsync(TenantId.Default, subject, Token);

    private static Task<long> SlotOfAsync(IServiceProvider services, SubjectId subject) =>
        services.GetRequiredService<Database>().ReadAsync(
            session => session.ScalarAsync<long>(
                "select slot from encryption_data_keys where subject = @subject", new { subject = subject.Value }),
            Token);

    private static Task<byte[]> SealAsync(IServiceProvider services, long row, SubjectId subject) =>
        services.GetRequiredService<Database>().WriteAsync(
            session => services.GetRequiredService<FieldCipher>()
                .SealAsync(session, FieldAddress.Of(TenantId.Default, Name, row), subject, Plain).AsTask(),
            Token);

    private static Task<OpenedValue> OpenAsync(IServiceProvider services, long row, byte[] value) =>
        services.GetRequiredService<Database>().ReadAsync(
            session => services.GetRequiredService<FieldCipher>()
                .OpenAsync(session, FieldAddress.Of(TenantId.Default, Name, row), value).AsTask(),
            Token);
}

public sealed class SqliteSubjectKeysTests() : SubjectKeysTests(DatabaseEngine.Sqlite);

public sealed class PostgresSubjectKeysTests() : SubjectKeysTests(DatabaseEngine.Postgres)
{
    [Fact]
    public async Task Destroy_WithAKeyDatabase_ReachesTwoReplicasWithoutASharedFolder()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using TestKeys keys = await TestKeys.CreateAsync(DatabaseEngine.Postgres);
        keys.Settings["Encryption:RootKey"] = Convert.ToBase64String(new byte[32]);
        keys.Settings["Encryption:KeyDatabase"] = await keys.AddPostgresAsync();
        FieldAddress address = FieldAddress.Of(TenantId.Default, new FieldName("people", "name"), 1);
        SubjectId anna = new("anna");
        keys.Data.Folder = keys["one"];
        ServiceProvider one = await keys.OpenAsync();
        byte[] value = await one.GetRequiredService<Database>().WriteAsync(
            session => one.GetRequiredService<FieldCipher>().SealAsync(session, address, anna, new byte[] { 1 }).AsTask(), token);
        keys.Data.Folder = keys["two"];
        ServiceProvider two = await keys.OpenAsync();
        Assert.False((await two.GetRequiredService<Database>().ReadAsync(
            session => two.GetRequiredService<FieldCipher>().OpenAsync(session, address, value).AsTask(), token)).IsErased);

        await one.GetRequiredService<SubjectKeys>().DestroyAsync(TenantId.Default, anna, token);
        keys.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.True((await two.GetRequiredService<Database>().ReadAsync(
            session => two.GetRequiredService<FieldCipher>().OpenAsync(session, address, value).AsTask(), token)).IsErased);
        Assert.False(File.Exists(Path.Combine(keys["one"], "keys", FileErasureStore.FileName)));
    }
}
