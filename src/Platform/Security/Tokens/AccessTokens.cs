using Iskra.Platform.Data;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Gives and checks access tokens. Thread-safe.</summary>
internal sealed class AccessTokens(
    Database database,
    ApiKeys keys,
    SigningKeys signing,
    AccessTokenReader reader,
    DeniedTokens denied,
    IOptions<TokenOptions> options,
    TimeProvider time)
{
    internal const int LengthMax = AccessTokenFormat.LengthMax;

    private const string OfFamily = $"""
        select {UserRow.Columns} from security_refresh_families f
        join security_users u on u.id = f.user_id and u.tenant_id = f.tenant_id join tenants t on t.id = u.tenant_id
        where f.id = @Family and f.revoked_at is null and u.id = @Id and t.slug = @Tenant
        """;

    /// <summary>Makes a token for a key or a user; null when this process can't use the signing key.</summary>
    internal async Task<(string Token, TimeSpan Life)?> IssueAsync(
        Caller caller, string scope, Guid? familyId, string clientId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        SigningKey? key = signing.Ring.SignerAt(Instants.ToMicroseconds(now))
            ?? (await signing.RefreshAsync(cancellationToken)).SignerAt(time.NowMicroseconds());
        TimeSpan life = options.Value.AccessTime;
        if (caller is { KeyId: not null, ExpiresAt: { } end } && end - now < life)
        {
            // A token ends with the key that it was given for.
            life = end - now;
        }

        long issuedAt = now.ToUnixTimeSeconds();
        AccessTokenClaims claims = new(
            caller.UserId is not null,
            caller.Id,
            Guid.CreateVersion7(now),
            familyId,
            caller.TenantSlug,
            scope,
            caller.Stamp,
            issuedAt + Math.Max(1, (long)life.TotalSeconds));
        return key is not null && TrySign(key, claims, clientId, issuedAt, out string token) ? (token, life) : null;
    }

    /// <summary>Who has this token; null when it isn't ours, has ended, or its key, user, family or tenant is no longer good.</summary>
    internal async ValueTask<Caller?> FindAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (await CheckAsync(token, cancellationToken) is not { } claims || denied.Contains(claims.TokenId))
        {
            return null;
        }

        return claims.IsUser ? await OfUserAsync(claims, cancellationToken) : await OfKeyAsync(claims, cancellationToken);
    }

    /// <summary>Checks form, signature and claims, without a look at the store unless the key isn't known.</summary>
    internal async ValueTask<AccessTokenClaims?> CheckAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (!AccessTokenFormat.TrySplit(token.Span, out int headerLength, out int signedLength)
            || AccessTokenFormat.ReadKid(token.Span[..headerLength]) is not { } kid
            || await signing.FindAsync(kid, cancellationToken) is not { } key)
        {
            return null;
        }

        return AccessTokenFormat.IsSigned(key, token.Span[..signedLength], token.Span[(signedLength + 1)..])
            && reader.TryRead(token.Span[(headerLength + 1)..signedLength], out AccessTokenClaims claims)
            ? claims
            : null;
    }

    private bool TrySign(SigningKey key, AccessTokenClaims claims, string clientId, long issuedAt, out string token)
    {
        string text = AccessTokenFormat.WriteUnsigned(
            key.Kid, claims, clientId, options.Value.Issuer, options.Value.Audience, issuedAt);
        Span<byte> signature = stackalloc byte[SigningKey.SignatureSize];
        bool isSigned = key.TrySign(System.Text.Encoding.ASCII.GetBytes(text), signature);
        token = isSigned ? $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}" : "";
        return isSigned;
    }

    private async ValueTask<Caller?> OfKeyAsync(AccessTokenClaims claims, CancellationToken cancellationToken)
    {
        KeyRow? row = await keys.FindAsync(claims.Subject, cancellationToken);
        if (row is not { IsGood: true } || row.TenantSlug != claims.Tenant || row.ExpiresAt <= time.NowMicroseconds())
        {
            return null;
        }

        return new Caller(CallerKind.Token, new TenantId(row.TenantId), row.TenantSlug, row.Name, Scopes.Split(claims.Scope))
        {
            KeyId = row.Id,
            Prefix = row.Prefix,
            TokenId = claims.TokenId,
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt),
        };
    }

    private async ValueTask<Caller?> OfUserAsync(AccessTokenClaims claims, CancellationToken cancellationToken)
    {
        UserRow? row = await database.ReadAsync(
            session => session.QuerySingleOrDefaultAsync<UserRow>(
                OfFamily, new { Family = claims.FamilyId, Id = claims.Subject, claims.Tenant }),
            cancellationToken);
        if (row is not { IsGood: true } || row.Stamp != claims.Stamp)
        {
            return null;
        }

        return new Caller(
            CallerKind.Token, row.Tenant, row.TenantSlug, row.DisplayName, Scopes.Split(claims.Scope), Scopes.Split(row.Roles))
        {
            UserId = row.Id,
            Prefix = row.Login,
            Stamp = row.Stamp,
            FamilyId = claims.FamilyId,
            TokenId = claims.TokenId,
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt),
        };
    }
}
