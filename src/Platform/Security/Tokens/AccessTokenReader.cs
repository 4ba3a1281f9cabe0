using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Reads the claims of a token whose signature was checked, and checks them: who gave it, for whom, from when until
/// when.</summary>
internal sealed class AccessTokenReader(IOptions<TokenOptions> options, TimeProvider time)
{
    // Each claim once, all but sid: one bit for each.
    private const int All = 0b111_1111_1111;
    private const int SidBit = 1 << 11;

    /// <summary>The claims; false unless every one is there once, has its type and is good now.</summary>
    internal bool TryRead(ReadOnlySpan<char> payload, out AccessTokenClaims claims)
    {
        claims = default;
        Span<byte> bytes = stackalloc byte[AccessTokenFormat.LengthMax];
        if (!Base64UrlText.TryDecode(payload, bytes, out int length))
        {
            return false;
        }

        try
        {
            return TryRead(new Utf8JsonReader(bytes[..length]), out claims);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private bool TryRead(Utf8JsonReader json, out AccessTokenClaims claims)
    {
        claims = default;
        int seen = 0;
        long issuedAt = 0, notBefore = 0;
        AccessTokenClaims read = default;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int bit = BitOf(ref json);
            if (bit == 0 || (seen & bit) != 0 || !json.Read())
            {
                return false;
            }

            seen |= bit;
            if (bit == 1 << 7)
            {
                issuedAt = json.GetInt64();
            }
            else if (bit == 1 << 8)
            {
                notBefore = json.GetInt64();
            }
            else if (!TryTake(ref json, bit, ref read))
            {
                return false;
            }
        }

        if ((seen & All) != All || json.TokenType != JsonTokenType.EndObject || json.Read())
        {
            return false;
        }

        claims = read;
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        long skew = (long)options.Value.ClockSkew.TotalSeconds;
        return read.IsUser == (read.FamilyId is not null)
            && notBefore <= now + skew
            && issuedAt <= now + skew
            && read.ExpiresAt > now
            && read.ExpiresAt - issuedAt is > 0 and <= 3600;
    }

    private bool TryTake(ref Utf8JsonReader json, int bit, ref AccessTokenClaims claims)
    {
        switch (bit)
        {
            case 1 << 0:
                return json.TokenType == JsonTokenType.String && json.ValueTextEquals(options.Value.Issuer);
            case 1 << 1:
                return json.TokenType == JsonTokenType.String && json.ValueTextEquals(options.Value.Audience);
            case 1 << 2:
                return TryTakeSubject(ref json, ref claims);
            case 1 << 3:
                return json.TokenType == JsonTokenType.String;
            case 1 << 4:
                claims = claims with { Tenant = json.GetString()! };
                return claims.Tenant is not null;
            case 1 << 5:
                claims = claims with { Scope = json.GetString()! };
                return claims.Scope is not null;
            case 1 << 6:
                claims = claims with { TokenId = json.GetGuid() };
                return true;
            case 1 << 9:
                claims = claims with { ExpiresAt = json.GetInt64() };
                return true;
            case 1 << 10:
                claims = claims with { Stamp = json.GetInt32() };
                return true;
            default:
                claims = claims with { FamilyId = json.GetGuid() };
                return true;
        }
    }

    private static bool TryTakeSubject(ref Utf8JsonReader json, ref AccessTokenClaims claims)
    {
        if (json.TokenType != JsonTokenType.String || json.HasValueSequence)
        {
            return false;
        }

        ReadOnlySpan<byte> text = json.ValueSpan;
        bool isUser = text.StartsWith("user:"u8);
        if (!isUser && !text.StartsWith("key:"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> id = text[(isUser ? AccessTokenFormat.UserPrefix.Length : AccessTokenFormat.KeyPrefix.Length)..];
        if (!System.Buffers.Text.Utf8Parser.TryParse(id, out Guid subject, out int used, 'D') || used != id.Length)
        {
            return false;
        }

        claims = claims with { IsUser = isUser, Subject = subject };
        return true;
    }

    private static int BitOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("iss"u8) ? 1 << 0
        : json.ValueTextEquals("aud"u8) ? 1 << 1
        : json.ValueTextEquals("sub"u8) ? 1 << 2
        : json.ValueTextEquals("client_id"u8) ? 1 << 3
        : json.ValueTextEquals("tenant"u8) ? 1 << 4
        : json.ValueTextEquals("scope"u8) ? 1 << 5
        : json.ValueTextEquals("jti"u8) ? 1 << 6
        : json.ValueTextEquals("iat"u8) ? 1 << 7
        : json.ValueTextEquals("nbf"u8) ? 1 << 8
        : json.ValueTextEquals("exp"u8) ? 1 << 9
        : json.ValueTextEquals("ver"u8) ? 1 << 10
        : json.ValueTextEquals("sid"u8) ? SidBit
        : 0;
}
