using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>Rotation, on both engines: keys are wrapped anew, values stay as they are.</summary>
public abstract class KeyRotationTests(DatabaseEngine engine)
{
    private const int Subjects = 25;
    private static readonly FieldName Name = new("people", "name");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RotateTenant_ManySubjects_RewrapsAllAndOpensAllThatWasSealed()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        keys.Settings["Encryption:RewrapBatchMax"] = "7";
        ServiceProvider services = await keys.OpenAsync();
        Dictionary<long, byte[]> values = await SealAllAsync(services);

        (int version, int rewrapped) = await services.GetRequiredService<KeyRotation>().RotateTenantAsync(TenantId.Default, Token);

        Assert.Equal((2, Subjects + 1), (version, rewrapped));
        Assert.Equal(0, await CountAsync(services, "tenant_key_version = 1"));
        await keys.CloseAsync();
        await AssertOpenAsync(await keys.OpenAsync(), values);
    }

    [Fact]
    public async Task RotateTenant_CutShort_TheNextOneGoesOn()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        Dictionary<long, byte[]> values = await SealAllAsync(services);
        Database database = services.GetRequiredService<Database>();
        await database.WriteAsync(
            session => services.GetRequiredService<TenantKeys>().AddNextAsync(session, TenantId.Default), Token);
        await database.WriteAsync(
            session => services.GetRequiredService<DataKeys>().RewrapAsync(session, TenantId.Default, 10), Token);
        Assert.Equal(Subjects - 10 + 1, await CountAsync(services, "tenant_key_version = 1"));
        await keys.CloseAsync();

        ServiceProvider again = await keys.OpenAsync();
        await AssertOpenAsync(again, values);
        await again.GetRequiredService<KeyRotation>().RotateTenantAsync(TenantId.Default, Token);

        Assert.Equal(0, await CountAsync(again, "tenant_key_version < 3"));
        await AssertOpenAsync(again, values);
    }

    [Fact]
    public async Task RotateRoot_OwnFile_OpensAllAfterARestartAndTheOldKeyIsRefused()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        ServiceProvider services = await keys.OpenAsync();
        Dictionary<long, byte[]> values = await SealAllAsync(services);
        string file = Path.Combine(keys.KeyFolder, RootKeySource.FileName);
        string old = await File.ReadAllTextAsync(file, Token);

        await services.GetRequiredService<KeyRotation>().RotateRootAsync(null, Token);
        await AssertOpenAsync(services, values);
        await keys.CloseAsync();
        await AssertOpenAsync(await keys.OpenAsync(), values);
        await keys.CloseAsync();
        string current = await File.ReadAllTextAsync(file, Token);
        Assert.NotEqual(old, current);

        // Another rotation that ended after the database's commit and before the file's exchange.
        ServiceProvider crashing = await keys.OpenAsync();
        await crashing.GetRequiredService<KeyRotation>().RotateRootAsync(null, Token);
        await keys.CloseAsync();
        File.Move(file, file + ".next");
        await File.WriteAllTextAsync(file, current, Token);
        await AssertOpenAsync(await keys.OpenAsync(), values);
        await keys.CloseAsync();

        await File.WriteAllTextAsync(file, old, Token);
        ServiceProvider refused = await keys.OpenAsync();
        StartupException fault = await Assert.ThrowsAsync<StartupException>(
            () => refused.GetRequiredService<EncryptionStart>().RunAsync(Token));
        Assert.Equal(ExitCode.BadConfiguration, fault.ExitCode);
        Assert.DoesNotContain(old.Trim(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotateRoot_KeyFromTheEnvironmentAndNoFile_IsRefused()
    {
        await using TestKeys keys = await TestKeys.CreateAsync(engine);
        keys.Settings["Encryption:RootKey"] = Convert.ToBase64String(new byte[32]);
        ServiceProvider services = await keys.OpenAsync();
        await SealAllAsync(services);

        StartupException fault = await Assert.ThrowsAsync<StartupException>(
            () => services.GetRequiredService<KeyRotation>().RotateRootAsync(null, Token));

        Assert.Contains("--new-key-file", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<long, byte[]>> SealAllAsync(IServiceProvider services)
    {
        FieldCipher cipher = services.GetRequiredService<FieldCipher>();
        Dictionary<long, byte[]> values = [];
        for (int i = 0; i <= Subjects; i++)
        {
            SubjectId? subject = i == 0 ? null : new SubjectId($"s{i}");
            FieldAddress address = FieldAddress.Of(TenantId.Default, Name, i);
            values[i] = await services.GetRequiredService<Database>().WriteAsync(
                session => cipher.SealAsync(session, address, subject, BitConverter.GetBytes(i)).AsTask(), Token);
        }

        return values;
    }

    private static async Task AssertOpenAsync(IServiceProvider services, Dictionary<long, byte[]> values)
    {
        FieldCipher cipher = services.GetRequiredService<FieldCipher>();
        foreach ((long row, byte[] value) in values)
        {
            OpenedValue opened = await services.GetRequiredService<Database>().ReadAsync(
                session => cipher.OpenAsync(session, FieldAddress.Of(TenantId.Default, Name, row), value).AsTask(), Token);
            Assert.Equal(BitConverter.GetBytes((int)row), opened.Bytes);
        }
    }

    private static Task<long> CountAsync(IServiceProvider services, string where) =>
        services.GetRequiredService<Database>().ReadAsync(
            session => session.ScalarAsync<long>($"select count(*) from encryption_data_keys where {where}"), Token);
}

public sealed class SqliteKeyRotationTests() : KeyRotationTests(DatabaseEngine.Sqlite);

public sealed class PostgresKeyRotationTests() : KeyRotationTests(DatabaseEngine.Postgres);
