using Iskra.Platform.Data;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Security;

namespace Iskra.Platform.Tests.Tenancy;

/// <summary>What both engines promise about tenants.</summary>
public abstract class TenantsTests(DatabaseEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_TwiceTheSlug_MakesOne()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        Tenants tenants = security.Get<Tenants>();
        Tenant first = Assert.IsType<Tenant>(await tenants.CreateAsync("acme", "Acme", null, Token));
        Assert.Null(await tenants.CreateAsync("acme", "Other", null, Token));
        Tenant second = Assert.IsType<Tenant>(await tenants.CreateAsync("beta", "Beta", null, Token));
        Assert.Equal([2, 3], [first.Id, second.Id]);
        IReadOnlyList<Tenant> all = await tenants.ListAsync(0, 10, Token);
        Assert.Equal(["default", "acme", "beta"], all.Select(tenant => tenant.Slug));
        Assert.Equal("Acme", (await tenants.FindAsync("acme", Token))!.Name);
    }

    [Fact]
    public async Task Create_ManyAtOnce_GetNumbersOfTheirOwn()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        Tenants tenants = security.Get<Tenants>();
        Tenant?[] made = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => tenants.CreateAsync($"t{i}", "T", null, Token)));
        Assert.Equal(Enumerable.Range(2, 20), made.Select(tenant => tenant!.Id).Order());
    }

    [Fact]
    public async Task Disable_KeysSessionsAndTokens_NoneWorksAtOnce()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        TenantId acme = await security.CreateTenantAsync("acme");
        NewApiKey key = await security.CreateKeyAsync(acme, Scopes.CardsRead);
        await security.CreateUserAsync("anna", acme, "viewer");
        (string access, RefreshGrant refresh) = await security.GrantAsync("anna", "acme");
        Caller byKey = (await security.FindAsync(key.Key))!;
        string keyToken = await security.IssueAsync(byKey);
        (string session, _) = await security.Get<Sessions>().OpenAsync(byKey, Token);
        (string userSession, _) = await security.Get<Sessions>().OpenAsync((await security.FindAsync(access))!, Token);
        string[] bearers = [key.Key, access, keyToken];
        string[] sessions = [session, userSession];
        await AssertWorkAsync(security, bearers, sessions, expected: true);

        await security.Get<Tenants>().SetDisabledAsync(acme, isDisabled: true, null, Token);
        await AssertWorkAsync(security, bearers, sessions, expected: false);
        Assert.Null(await security.Get<RefreshTokens>().RotateAsync(refresh.Token, Token));
        Assert.Equal(SignInOutcome.Failed, (await security.SignInAsync("anna", tenant: "acme")).Outcome);

        await security.Get<Tenants>().SetDisabledAsync(acme, isDisabled: false, null, Token);
        await AssertWorkAsync(security, bearers, sessions, expected: true);
    }

    [Fact]
    public async Task Disable_DefaultTenant_IsRefused()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await Assert.ThrowsAsync<ArgumentException>(
            () => security.Get<Tenants>().SetDisabledAsync(TenantId.Default, isDisabled: true, null, Token));
    }

    [Fact]
    public async Task KeysAndUsers_OfAnotherTenant_AreNotThere()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        TenantId acme = await security.CreateTenantAsync("acme");
        NewApiKey key = await security.CreateKeyAsync(acme, Scopes.Admin);
        User user = await security.CreateUserAsync("anna", acme, "admin");
        ApiKeys keys = security.Get<ApiKeys>();
        UserStore users = security.Get<UserStore>();
        Assert.Empty(await keys.ListAsync(TenantId.Default, null, 10, Token));
        Assert.Empty(await users.ListAsync(TenantId.Default, null, 10, Token));
        Assert.Null(await users.FindAsync(TenantId.Default, user.Id, Token));
        Assert.Null(await keys.FindByPrefixAsync(TenantId.Default, key.Prefix, Token));
        Assert.False(await keys.RevokeAsync(TenantId.Default, key.Id, null, Token));
        Assert.False(await users.SetPasswordAsync(TenantId.Default, user.Id, "x", null, Token));
        Assert.Null(await users.ChangeAsync(TenantId.Default, user.Id, new UserChanges("x", null, null, true), null, Token));
        Assert.NotNull(await security.FindAsync(key.Key));
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna", tenant: "acme")).Outcome);
    }

    [Fact]
    public async Task Login_SameInTwoTenants_IsTwoUsers()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        TenantId acme = await security.CreateTenantAsync("acme");
        await security.CreateUserAsync("anna", acme, "viewer");
        await security.CreateUserAsync("anna", TenantId.Default, "admin");
        Caller one = (await security.SignInAsync("anna", tenant: "acme")).Caller!;
        Caller other = (await security.SignInAsync("anna")).Caller!;
        Assert.Equal((acme, TenantId.Default), (one.Tenant, other.Tenant));
        Assert.False(one.Has(Scopes.Admin));
        Assert.True(other.Has(Scopes.Admin));
    }

    private static async Task AssertWorkAsync(TestSecurity security, string[] bearers, string[] sessions, bool expected)
    {
        foreach (string bearer in bearers)
        {
            Assert.Equal(expected, await security.FindAsync(bearer) is not null);
        }

        foreach (string session in sessions)
        {
            Assert.Equal(expected, await security.Get<Authenticator>().BySessionAsync(session, Token) is not null);
        }
    }
}
