using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>What sealing promises, on both engines.</summary>
public abstract class FieldCipherTests(DatabaseEngine engine)
{
    private static readonly FieldName Name = new("people", "name");
    private static readonly SubjectId Anna = new("anna");
    private static readonly FieldAddress Here = FieldAddress.Of(TenantId.Default, Name, 7);
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("Анна Иванова");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_WhatWasSealed_GivesItBack()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();

        byte[] tenants = await SealAsync(services, Here, null);
        byte[] subjects = await SealAsync(services, Here, Anna);

        Assert.Equal(Plain, await OpenAsync(services, Here, tenants));
        Assert.Equal(Plain, await OpenAsync(services, Here, subjects));
        Assert.NotEqual(tenants, subjects);
    }

    [Fact]
    public async Task Open_AfterARestart_GivesItBack()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        byte[] value = await SealAsync(await keys.OpenAsync(), Here, Anna);
        await keys.CloseAsync();

        Assert.Equal(Plain, await OpenAsync(await keys.OpenAsync(), Here, value));
    }

    [Fact]
    public async Task Open_AnywhereElse_Refuses()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        byte[] value = await SealAsync(services, Here, Anna);
        FieldAddress[] elsewhere =
        [
            FieldAddress.Of(new TenantId(2), Name, 7),
            FieldAddress.Of(TenantId.Default, new FieldName("people", "note"), 7),
            FieldAddress.Of(TenantId.Default, new FieldName("peoplen", "ame"), 7),
            FieldAddress.Of(TenantId.Default, Name, 8),
        ];

        foreach (FieldAddress address in elsewhere)
        {
            await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(services, address, value));
        }
    }

    [Fact]
    public async Task Open_AnyByteChanged_Refuses()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        byte[] value = await SealAsync(services, Here, Anna);

        for (int i = 0; i < value.Length; i++)
        {
            byte[] changed = [.. value];
            changed[i] ^= 1;
            await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(services, Here, changed));
        }

        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(services, Here, value[..40]));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(services, Here, []));
    }

    [Fact]
    public async Task Seal_RolledBack_LeavesNoKeyBehind()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        Database database = services.GetRequiredService<Database>();
        FieldCipher cipher = services.GetRequiredService<FieldCipher>();

        await Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync(
            async session =>
            {
                await cipher.SealAsync(session, Here, Anna, Plain);
                throw new InvalidDataException();
            },
            Token));
        byte[] value = await SealAsync(services, Here, Anna);

        Assert.Equal(Plain, await OpenAsync(services, Here, value));
        Assert.Equal(1, await database.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from encryption_data_keys where subject = 'anna'"), Token));
    }

    [Fact]
    public async Task Seal_ManyAtOnceForANewSubject_UseOneKey()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();

        byte[][] values = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => SealAsync(services, Here, Anna), Token)));

        foreach (byte[] value in values)
        {
            Assert.Equal(Plain, await OpenAsync(services, Here, value));
        }

        Assert.Single(values.Select(value => Convert.ToHexString(value.AsSpan(0, 13))).Distinct());
        Assert.Equal(values.Length, values.Select(value => Convert.ToHexString(value.AsSpan(13, 12))).Distinct().Count());
    }

    [Fact]
    public async Task Sealer_OtherAssociatedDataOrField_Refuses()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        Database database = services.GetRequiredService<Database>();
        Sealer sealer = services.GetRequiredService<Sealer>();
        byte[] value = await database.WriteAsync(
            session => sealer.SealAsync(session, TenantId.Default, null, Plain, "a"u8.ToArray()).AsTask(), Token);

        OpenedValue opened = await database.ReadAsync(
            session => sealer.OpenAsync(session, TenantId.Default, value, "a"u8.ToArray()).AsTask(), Token);

        Assert.Equal(Plain, opened.Bytes);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => database.ReadAsync(
            session => sealer.OpenAsync(session, TenantId.Default, value, "b"u8.ToArray()).AsTask(), Token));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(services, Here, value));
    }

    private static Task<byte[]> SealAsync(IServiceProvider services, FieldAddress address, SubjectId? subject) =>
        services.GetRequiredService<Database>().WriteAsync(
            session => services.GetRequiredService<FieldCipher>().SealAsync(session, address, subject, Plain).AsTask(), Token);

    private static async Task<byte[]> OpenAsync(IServiceProvider services, FieldAddress address, byte[] value) =>
        (await services.GetRequiredService<Database>().ReadAsync(
            session => services.GetRequiredService<FieldCipher>().OpenAsync(session, address, value).AsTask(), Token)).Bytes;
}

public sealed class SqliteFieldCipherTests() : FieldCipherTests(DatabaseEngine.Sqlite);

public sealed class PostgresFieldCipherTests() : FieldCipherTests(DatabaseEngine.Postgres);
