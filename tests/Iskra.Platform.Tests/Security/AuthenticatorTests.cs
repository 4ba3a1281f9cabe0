using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Xunit;

namespace Iskra.Platform.Tests.Security;

public sealed class AuthenticatorTests
{
    private static readonly string[] Read = [Scopes.CardsRead];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByKey_ExpiredInTheCache_IsRefusedAtOnce()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        DateTimeOffset end = security.Time.GetUtcNow() + TimeSpan.FromSeconds(2);
        NewApiKey key = await security.Get<ApiKeys>().CreateAsync(
            TenantId.Default, "k", Read, end, KeyOrigin.Created, null, Token);
        Authenticator authenticator = security.Get<Authenticator>();
        Assert.NotNull(await authenticator.ByKeyAsync(key.Key, Token));
        security.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await authenticator.ByKeyAsync(key.Key, Token));
    }

    [Fact]
    public async Task ByKey_Revoked_IsRefusedAtOnce()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        NewApiKey key = await security.CreateKeyAsync(Read);
        Authenticator authenticator = security.Get<Authenticator>();
        Caller caller = Assert.IsType<Caller>(await authenticator.ByKeyAsync(key.Key, Token));
        Assert.True(caller.Has(Scopes.CardsRead) && caller.Has(Scopes.Authenticated) && !caller.Has(Scopes.CardsWrite));
        Assert.True(await security.Get<ApiKeys>().RevokeAsync(TenantId.Default, key.Id, null, Token));
        Assert.Null(await authenticator.ByKeyAsync(key.Key, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("isk_00000000" + "_0000000000000000000000000000000000000000000")]
    [InlineData("isk with spaces and more of them in it")]
    public async Task ByKey_Unknown_IsRefused(string key)
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        Assert.Null(await security.Get<Authenticator>().ByBearerAsync(key.AsMemory(), Token));
        Assert.Null(await security.Get<Authenticator>().ByBearerAsync(new string('a', 10_000).AsMemory(), Token));
    }

    [Fact]
    public async Task BySession_AfterItsTime_IsRefused()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        NewApiKey key = await security.CreateKeyAsync(Read);
        Authenticator authenticator = security.Get<Authenticator>();
        Caller caller = Assert.IsType<Caller>(await authenticator.ByKeyAsync(key.Key, Token));
        (string id, DateTimeOffset end) = await security.Get<Sessions>().OpenAsync(caller, Token);
        Assert.Equal(security.Time.GetUtcNow() + TimeSpan.FromHours(12), end);
        Assert.True((await authenticator.BySessionAsync(id, Token))!.IsSession);
        Assert.Null(await authenticator.ByKeyAsync(id, Token));
        security.Time.Advance(TimeSpan.FromHours(12));
        Assert.Null(await authenticator.BySessionAsync(id, Token));
    }

    [Fact]
    public async Task Cache_ReadThatBeganBeforeARevocation_IsNotKept()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        NewApiKey key = await security.CreateKeyAsync(Read);
        CallerCache cache = security.Get<CallerCache>();
        Hash256 hash = Hash256.Of(key.Key);
        long before = cache.Generation;
        KeyRow row = Assert.IsType<KeyRow>(await security.Get<ApiKeys>().FindAsync(hash, Token));
        await security.Get<ApiKeys>().RevokeAsync(TenantId.Default, key.Id, null, Token);
        cache.Add(hash, row.ToCaller(), before);
        Assert.False(cache.TryGet(hash, out _));
    }

    [Fact]
    public async Task Usage_Flush_WritesTheTimeOfLastUse()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        NewApiKey key = await security.CreateKeyAsync(Read);
        security.Time.Advance(TimeSpan.FromMinutes(3));
        await security.Get<Authenticator>().ByKeyAsync(key.Key, Token);
        Assert.Null(Assert.Single(await security.Get<ApiKeys>().ListAsync(TenantId.Default, null, 10, Token)).LastUsedAt);
        await security.Get<KeyUsage>().FlushAsync(Token);
        Assert.Equal(
            security.Time.GetUtcNow(),
            Assert.Single(await security.Get<ApiKeys>().ListAsync(TenantId.Default, null, 10, Token)).LastUsedAt);
    }

    [Fact]
    public async Task Store_AfterCreate_HoldsNoKey()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        NewApiKey key = await security.CreateKeyAsync(Read);
        Assert.Matches("^isk_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}$", key.Key);
        Assert.DoesNotContain(key.Key, key.ToString(), StringComparison.Ordinal);
        long found = await security.Database.ReadAsync(
            session => session.ScalarAsync<long>(
                "select count(*) from security_keys where key_hash = @Key or name like @Like or prefix = @Text",
                new { Key = System.Text.Encoding.UTF8.GetBytes(key.Key), Like = $"%{key.Key}%", Text = key.Key }),
            Token);
        Assert.Equal(0, found);
    }

    [Fact]
    public async Task AdminKey_ChangedAndChangedBack_OnlyTheNamedOneWorks()
    {
        const string One = "admin-key-one-0123456789", Two = "admin-key-two-0123456789";
        await using TestSecurity security = await TestSecurity.StartAsync();
        foreach (string key in new[] { One, Two, One })
        {
            await security.GetWith<AdminKeys>("Security:AdminKey", key).ApplyEnvironmentAsync(Token);
            Assert.Equal(key == One, await security.GetWith<Authenticator>("Security:AdminKey", key).ByKeyAsync(One, Token) is not null);
            Assert.Equal(key == Two, await security.GetWith<Authenticator>("Security:AdminKey", key).ByKeyAsync(Two, Token) is not null);
        }
    }

    [Fact]
    public async Task AdminKey_RevokedByHand_StopsTheStart()
    {
        const string Key = "admin-key-one-0123456789";
        await using TestSecurity security = await TestSecurity.StartAsync(new KeyValuePair<string, string?>("Security:AdminKey", Key));
        await security.Get<AdminKeys>().ApplyEnvironmentAsync(Token);
        await security.Get<ApiKeys>().RevokeAsync(
            TenantId.Default, (await security.Get<ApiKeys>().ListAsync(TenantId.Default, null, 1, Token))[0].Id, null, Token);
        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => security.Get<AdminKeys>().ApplyEnvironmentAsync(Token));
        Assert.Equal(ExitCode.BadConfiguration, fault.ExitCode);
        Assert.DoesNotContain(Key, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateFirst_WithAKeyThere_MakesNone()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        Assert.NotNull(await security.Get<AdminKeys>().CreateFirstAsync(Token));
        Assert.Null(await security.Get<AdminKeys>().CreateFirstAsync(Token));
    }
}
