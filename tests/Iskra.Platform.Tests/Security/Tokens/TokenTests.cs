using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Security.Tokens;

/// <summary>What both engines promise about access and refresh tokens, signing keys and revocations.</summary>
public abstract class TokenTests(DatabaseEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_TokenOfAKey_IsItsCallerUntilItEnds()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        string token = await security.IssueAsync((await security.FindAsync(key.Key))!);
        Caller caller = Assert.IsType<Caller>(await security.FindAsync(token));
        Assert.Equal((CallerKind.Token, key.Id, null), (caller.Kind, caller.KeyId, caller.UserId));
        Assert.Equal([Scopes.CardsRead], caller.Scopes);
        security.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await security.FindAsync(token));
        security.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await security.FindAsync(token));
    }

    [Fact]
    public async Task Find_KeyRevokedOrUserDisabled_TokenEndsAtOnce()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        string ofKey = await security.IssueAsync((await security.FindAsync(key.Key))!);
        User user = await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (string ofUser, RefreshGrant refresh) = await security.GrantAsync("anna");
        Assert.NotNull(await security.FindAsync(ofKey));
        Assert.NotNull(await security.FindAsync(ofUser));
        await security.Get<ApiKeys>().RevokeAsync(TenantId.Default, key.Id, null, Token);
        await security.Get<UserStore>().ChangeAsync(TenantId.Default, user.Id, new UserChanges(null, null, null, true), null, Token);
        Assert.Null(await security.FindAsync(ofKey));
        Assert.Null(await security.FindAsync(ofUser));
        Assert.Null(await security.Get<RefreshTokens>().RotateAsync(refresh.Token, Token));
    }

    [Fact]
    public async Task Find_RightsTaken_TokenEndsAndTheNextHasFewer()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        User user = await security.CreateUserAsync("anna", TenantId.Default, "operator");
        (string access, RefreshGrant refresh) = await security.GrantAsync("anna");
        Assert.True((await security.FindAsync(access))!.Has(Scopes.CardsWrite));
        await security.Get<UserStore>().ChangeAsync(
            TenantId.Default, user.Id, new UserChanges(null, ["viewer"], null, null), null, Token);
        Assert.Null(await security.FindAsync(access));
        RefreshGrant next = (await security.Get<RefreshTokens>().RotateAsync(refresh.Token, Token))!;
        Assert.False((await security.FindAsync(await security.IssueAsync(next.Caller, next.FamilyId)))!.Has(Scopes.CardsWrite));
    }

    [Fact]
    public async Task Rotate_UsedTokenAfterTheGrace_EndsTheFamilyAndItsAccessTokens()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (string access, RefreshGrant first) = await security.GrantAsync("anna");
        (string otherAccess, RefreshGrant other) = await security.GrantAsync("anna");
        RefreshTokens tokens = security.Get<RefreshTokens>();
        RefreshGrant second = (await tokens.RotateAsync(first.Token, Token))!;
        security.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await security.FindAsync(access));
        Assert.Null(await tokens.RotateAsync(first.Token, Token));
        Assert.Null(await tokens.RotateAsync(second.Token, Token));
        Assert.Null(await security.FindAsync(access));
        Assert.NotNull(await security.FindAsync(otherAccess));
        Assert.NotNull(await tokens.RotateAsync(other.Token, Token));
    }

    [Fact]
    public async Task Rotate_TwiceAtOnce_GivesOneSuccessor()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (_, RefreshGrant first) = await security.GrantAsync("anna");
        RefreshTokens tokens = security.Get<RefreshTokens>();
        RefreshGrant?[] grants = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => tokens.RotateAsync(first.Token, Token)));
        string next = Assert.Single(grants.Select(grant => grant!.Token).Distinct());
        Assert.NotEqual(first.Token, next);
        Assert.NotNull(await tokens.RotateAsync(next, Token));

        // Once the successor was used, the first one is a theft at any time.
        Assert.Null(await tokens.RotateAsync(first.Token, Token));
        Assert.Null(await tokens.RotateAsync(next, Token));
    }

    [Fact]
    public async Task Rotate_LivesOfTokenAndFamily_AreKept()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (_, RefreshGrant idle) = await security.GrantAsync("anna");
        (_, RefreshGrant used) = await security.GrantAsync("anna");
        RefreshTokens tokens = security.Get<RefreshTokens>();
        for (int week = 0; week < 4; week++)
        {
            security.Time.Advance(TimeSpan.FromDays(6.9));
            used = (await tokens.RotateAsync(used.Token, Token))!;
        }

        Assert.Null(await tokens.RotateAsync(idle.Token, Token));
        security.Time.Advance(TimeSpan.FromDays(2.5));
        Assert.Null(await tokens.RotateAsync(used.Token, Token));
        await security.Get<SecurityUpkeep>().RunOnceAsync(Token);
        Assert.Equal(0, await security.Database.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from security_refresh_tokens"), Token));
    }

    [Fact]
    public async Task Store_TokensAndKeys_AreNotReadable()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        await security.CreateUserAsync("anna", TenantId.Default, "viewer");
        (_, RefreshGrant grant) = await security.GrantAsync("anna");
        byte[] text = System.Text.Encoding.UTF8.GetBytes(grant.Token);
        Assert.Equal(0, await security.Database.ReadAsync(
            session => session.ScalarAsync<long>(
                "select count(*) from security_refresh_tokens where token_hash = @Text", new { Text = text }),
            Token));
        byte[] sealedKey = (await security.Database.ReadAsync(
            session => session.ScalarAsync<byte[]>("select sealed_key from security_signing_keys"), Token))!;
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => key.ImportPkcs8PrivateKey(sealedKey, out _));
    }

    [Fact]
    public async Task Rotation_OldKeyAndNext_AreBothPublishedUntilTheOldTokensEnded()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        Caller caller = (await security.FindAsync(key.Key))!;
        SigningKeys signing = security.Get<SigningKeys>();
        string first = (await signing.RefreshAsync(Token)).Newest!.Kid;
        security.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1));
        SigningKeyRing ring = await signing.RefreshAsync(Token);
        Assert.Equal(2, ring.Keys.Count);
        Assert.Equal(first, ring.SignerAt(security.Time.NowMicroseconds())!.Kid);

        security.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMinutes(5));
        string old = await security.IssueAsync(caller);
        security.Time.Advance(TimeSpan.FromMinutes(5));
        string next = ring.SignerAt(security.Time.NowMicroseconds())!.Kid;
        Assert.NotEqual(first, next);
        Assert.Equal(2, (await signing.RefreshAsync(Token)).Keys.Count);
        Assert.NotNull(await security.FindAsync(old));
        Assert.NotNull(await security.FindAsync(await security.IssueAsync(caller)));
        security.Time.Advance(TimeSpan.FromMinutes(17));
        Assert.Equal(next, Assert.Single((await signing.RefreshAsync(Token)).Keys).Kid);
    }

    [Fact]
    public async Task Rotation_ByTwoReplicasAtOnce_MakesOneKeyAndBothCheckIt()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        IServiceProvider other = security.Start();
        await security.Get<SigningKeys>().RefreshAsync(Token);
        await other.GetRequiredService<SigningKeys>().RefreshAsync(Token);
        security.Time.Advance(TimeSpan.FromDays(30));
        await security.Get<SigningKeys>().RefreshAsync(Token);
        await other.GetRequiredService<SigningKeys>().RefreshAsync(Token);
        Assert.Equal(2, security.Get<SigningKeys>().Ring.Keys.Count);
        Assert.Equal(
            security.Get<SigningKeys>().Ring.Keys.Select(key => key.Kid),
            other.GetRequiredService<SigningKeys>().Ring.Keys.Select(key => key.Kid));

        // A key that leaked: the other replica hears of the new one by the first token that it signed.
        NewApiKey apiKey = await security.CreateKeyAsync(Scopes.CardsRead);
        Caller caller = (await security.FindAsync(apiKey.Key))!;
        string leaked = await security.IssueAsync(caller);
        await security.Get<SigningKeys>().RotateAsync(isUrgent: true, isByHand: true, Token);
        Assert.Null(await security.FindAsync(leaked));
        security.Time.Advance(TimeSpan.FromSeconds(2));
        string token = await security.IssueAsync(caller);
        Authenticator authenticator = other.GetRequiredService<Authenticator>();
        Assert.NotNull(await authenticator.ByBearerAsync(token.AsMemory(), Token));
        Assert.Null(await authenticator.ByBearerAsync(leaked.AsMemory(), Token));
    }

    [Fact]
    public async Task Feed_RevokedInOneProcess_IsHeardInTheOther()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        IServiceProvider other = security.Start();
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        string token = await security.IssueAsync((await security.FindAsync(key.Key))!);
        Authenticator authenticator = other.GetRequiredService<Authenticator>();
        Assert.NotNull(await authenticator.ByBearerAsync(token.AsMemory(), Token));
        Assert.NotNull(await authenticator.ByBearerAsync(key.Key.AsMemory(), Token));

        AccessTokenClaims claims = (await security.Get<AccessTokens>().CheckAsync(token.AsMemory(), Token))!.Value;
        await security.Get<AccessTokenRevocation>().RevokeAsync(claims, Token);
        Assert.Null(await security.FindAsync(token));
        Assert.NotNull(await authenticator.ByBearerAsync(token.AsMemory(), Token));
        await other.GetRequiredService<RevocationFeed>().PollAsync(Token);
        Assert.Null(await authenticator.ByBearerAsync(token.AsMemory(), Token));

        await security.Get<ApiKeys>().RevokeAsync(TenantId.Default, key.Id, null, Token);
        await other.GetRequiredService<RevocationFeed>().PollAsync(Token);
        Assert.Null(await authenticator.ByBearerAsync(key.Key.AsMemory(), Token));

        // And without the feed, when the cached caller is looked up again.
        NewApiKey second = await security.CreateKeyAsync(Scopes.CardsRead);
        Assert.NotNull(await authenticator.ByBearerAsync(second.Key.AsMemory(), Token));
        await security.Get<ApiKeys>().RevokeAsync(TenantId.Default, second.Id, null, Token);
        security.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await authenticator.ByBearerAsync(second.Key.AsMemory(), Token));
    }

    [Fact]
    public async Task Audit_ChangesAndSignIns_AreInTheTrailOfTheirTenant()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        TenantId acme = await security.CreateTenantAsync("acme");
        User user = await security.CreateUserAsync("anna", acme, "viewer");
        await security.SignInAsync("anna", "wrong password!", tenant: "acme");
        (_, RefreshGrant first) = await security.GrantAsync("anna", "acme");
        RefreshTokens tokens = security.Get<RefreshTokens>();
        await tokens.RotateAsync(first.Token, Token);
        security.Time.Advance(TimeSpan.FromMinutes(1));
        await tokens.RotateAsync(first.Token, Token);
        IReadOnlyList<int> kinds = await security.Database.ReadAsync(
            session => session.QueryAsync<int>(
                "select kind from audit_pending where tenant_id = @Tenant order by position", new { Tenant = acme.Value }),
            Token);
        Assert.Equal(
            [
                AuditEventKind.TenantCreated, AuditEventKind.UserCreated, AuditEventKind.SignInFailed, AuditEventKind.SignedIn,
                AuditEventKind.TokenReuseDetected,
            ],
            kinds.Select(kind => (AuditEventKind)kind));
        Assert.Equal($"user {user.Id}", await security.Database.ReadAsync(
            session => session.ScalarAsync<string>(
                "select target from audit_pending where kind = @Kind", new { Kind = (int)AuditEventKind.TokenReuseDetected }),
            Token));
    }

    [Fact]
    public async Task Feed_Restart_StillDeniesRevokedTokens()
    {
        await using TestSecurity security = await TestSecurity.StartAsync(engine);
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        string token = await security.IssueAsync((await security.FindAsync(key.Key))!);
        AccessTokenClaims claims = (await security.Get<AccessTokens>().CheckAsync(token.AsMemory(), Token))!.Value;
        await security.Get<AccessTokenRevocation>().RevokeAsync(claims, Token);
        IServiceProvider restarted = security.Start();
        await restarted.GetRequiredService<RevocationFeed>().PollAsync(Token);
        Assert.Null(await restarted.GetRequiredService<Authenticator>().ByBearerAsync(token.AsMemory(), Token));
    }
}
