using Iskra.Platform.Data;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Tests.Security.Users;

/// <summary>What both engines promise about users, roles and sign-in.</summary>
public abstract class UserStoreTests(DatabaseEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_SameLoginInAnotherCase_IsRefused()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("Anna@Example.org", TenantId.Default, "viewer");
        Assert.Null(await security.Get<UserStore>().CreateAsync(
            TenantId.Default, "anna@example.ORG", "x", [], [], null, null, Token));
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("ANNA@example.org")).Outcome);
        Assert.Equal("Anna@Example.org", Assert.Single(await security.Get<UserStore>().ListAsync(TenantId.Default, null, 5, Token)).Login);
    }

    [Fact]
    public async Task SignIn_WrongUnknownDisabledOrWithoutPassword_FailsAlike()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        User disabled = await security.CreateUserAsync("boris", TenantId.Default, "viewer");
        UserStore users = security.Get<UserStore>();
        await users.ChangeAsync(TenantId.Default, disabled.Id, new UserChanges(null, null, null, true), null, Token);
        await users.CreateAsync(TenantId.Default, "clara", "clara", [], [], null, null, Token);
        SignInResult[] results =
        [
            await security.SignInAsync("anna", "wrong password!"),
            await security.SignInAsync("nobody"),
            await security.SignInAsync("boris"),
            await security.SignInAsync("clara"),
            await security.SignInAsync("anna", tenant: "nowhere"),
        ];
        Assert.All(results, result => Assert.Equal(new SignInResult(SignInOutcome.Failed), result));
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna")).Outcome);
    }

    [Fact]
    public async Task SignIn_Roles_GiveTheirScopes()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        Role own = new("teller", "", [Scopes.CardsWrite], IsBuiltIn: false);
        Assert.True(await security.Get<RoleStore>().PutAsync(TenantId.Default, own, null, Token));
        await security.CreateUserAsync("anna", TenantId.Default, "viewer", "teller");
        Caller caller = (await security.SignInAsync("anna")).Caller!;
        Assert.Equal(["teller", "viewer"], caller.Roles);
        Assert.True(caller.Has(Scopes.CardsWrite) && caller.Has(Scopes.CardsRead) && !caller.Has(Scopes.Admin));
        (string id, _) = await security.Get<Sessions>().OpenAsync(caller, Token);
        Caller session = (await security.Get<Authenticator>().BySessionAsync(id, Token))!;
        Assert.Equal((caller.UserId, null, CallerKind.Session), (session.UserId, session.KeyId, session.Kind));
        Assert.Equal(caller.Scopes, session.Scopes);

        // The role changes, and with it at once what its users can do.
        Assert.True(await security.Get<RoleStore>().PutAsync(TenantId.Default, own with { Scopes = [Scopes.MetricsRead] }, null, Token));
        Assert.False((await security.Get<Authenticator>().BySessionAsync(id, Token))!.Has(Scopes.CardsWrite));
    }

    [Fact]
    public async Task SetPassword_OpenSessionsAndTokens_End()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        User user = await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (string access, RefreshGrant refresh) = await security.GrantAsync("anna");
        (string session, _) = await security.Get<Sessions>().OpenAsync((await security.FindAsync(access))!, Token);
        Assert.NotNull(await security.Get<Authenticator>().BySessionAsync(session, Token));
        string hash = PasswordHash.Create("another password", 1_000).ToText();
        Assert.True(await security.Get<UserStore>().SetPasswordAsync(TenantId.Default, user.Id, hash, null, Token));
        Assert.Null(await security.FindAsync(access));
        Assert.Null(await security.Get<Authenticator>().BySessionAsync(session, Token));
        Assert.Null(await security.Get<RefreshTokens>().RotateAsync(refresh.Token, Token));
        Assert.Equal(SignInOutcome.Failed, (await security.SignInAsync("anna")).Outcome);
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna", "another password")).Outcome);

        // A token of after the change is good, in the same moment of the clock too.
        Caller again = (await security.SignInAsync("anna", "another password")).Caller!;
        RefreshGrant next = await security.Get<RefreshTokens>().OpenAsync(again, "", "test", Token);
        Assert.NotNull(await security.FindAsync(await security.IssueAsync(again, next.FamilyId)));
    }

    [Fact]
    public async Task SignIn_WeakHash_IsMadeAnew()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        User user = await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        UserStore users = security.Get<UserStore>();
        await users.SetPasswordAsync(TenantId.Default, user.Id, PasswordHash.Create(TestSecurity.Password, 10).ToText(), null, Token);
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna")).Outcome);
        UserRow row = (await users.FindAsync(TenantId.Default, user.Id, Token))!;
        Assert.Equal(1_000, PasswordHash.Parse(row.PasswordHash)!.Iterations);
        Assert.NotNull(row.LastSignInAt);
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna")).Outcome);
    }

    [Fact]
    public async Task RemoveRole_InUse_IsRefused()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        RoleStore roles = security.Get<RoleStore>();
        TenantId acme = await security.CreateTenantAsync("acme");
        await roles.PutAsync(TenantId.Default, new Role("teller", "", [Scopes.CardsRead], false), null, Token);
        User user = await security.CreateUserAsync("anna", TenantId.Default, "teller");
        Assert.Equal(RoleRemoval.InUse, await roles.RemoveAsync(TenantId.Default, "teller", null, Token));
        Assert.Equal(RoleRemoval.NotFound, await roles.RemoveAsync(acme, "teller", null, Token));
        Assert.Equal(RoleRemoval.BuiltIn, await roles.RemoveAsync(TenantId.Default, "admin", null, Token));
        await security.Get<UserStore>().ChangeAsync(
            TenantId.Default, user.Id, new UserChanges(null, ["viewer"], null, null), null, Token);
        Assert.Equal(RoleRemoval.Removed, await roles.RemoveAsync(TenantId.Default, "teller", null, Token));
        Assert.Equal(
            ["admin", "operator", "viewer", "auditor"], (await roles.ListAsync(TenantId.Default, Token)).Select(role => role.Name));
    }

    [Fact]
    public async Task SignIn_ManyFailures_AreLimitedPerAccountFromWhereverTheyCome()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(SignInOutcome.Failed, (await security.SignInAsync("anna", "wrong password!", $"203.0.113.{i}")).Outcome);
        }

        SignInResult limited = await security.SignInAsync("anna", address: "203.0.113.200");
        Assert.Equal(SignInOutcome.Limited, limited.Outcome);
        Assert.InRange(limited.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));
        security.Time.Advance(limited.RetryAfter);
        Assert.Equal(SignInOutcome.Ok, (await security.SignInAsync("anna", address: "203.0.113.200")).Outcome);
    }
}
