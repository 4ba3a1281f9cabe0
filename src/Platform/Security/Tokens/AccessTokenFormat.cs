using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// Access tokens as text: JWS compact serialisation (RFC 7515) of an <c>at+jwt</c> (RFC 9068) with ES256 (RFC 7518 §3.4), and nothing else.
/// A header or claim that we don't write is refused: there is no place for <c>jku</c>, <c>x5u</c>, <c>jwk</c>, <c>crit</c> or another
/// algorithm.
/// </summary>
internal static class AccessTokenFormat
{
    internal const int LengthMax = 4096;
    internal const string UserPrefix = "user:";
    internal const string KeyPrefix = "key:";

    private const int HeaderMax = 256;
    private const int SignatureLength = 86;

    /// <summary>A token is no HTML: the plus of <c>at+jwt</c> stays as it is.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the signed part: header, point, claims.</summary>
    internal static string WriteUnsigned(
        string kid, AccessTokenClaims claims, string clientId, string issuer, string audience, long issuedAt)
    {
        ArrayBufferWriter<byte> header = new(HeaderMax);
        using (Utf8JsonWriter json = new(header, Plain))
        {
            json.WriteStartObject();
            json.WriteString("alg", "ES256");
            json.WriteString("typ", "at+jwt");
            json.WriteString("kid", kid);
            json.WriteEndObject();
        }

        ArrayBufferWriter<byte> payload = new(512);
        using (Utf8JsonWriter json = new(payload, Plain))
        {
            json.WriteStartObject();
            json.WriteString("iss", issuer);
            json.WriteString("aud", audience);
            json.WriteString("sub", $"{(claims.IsUser ? UserPrefix : KeyPrefix)}{claims.Subject}");
            json.WriteString("client_id", clientId);
            json.WriteString("tenant", claims.Tenant);
            json.WriteString("scope", claims.Scope);
            json.WriteString("jti", claims.TokenId);
            json.WriteNumber("iat", issuedAt);
            json.WriteNumber("nbf", issuedAt);
            json.WriteNumber("exp", claims.ExpiresAt);
            if (claims.FamilyId is { } family)
            {
                json.WriteString("sid", family);
            }

            json.WriteNumber("ver", claims.Stamp);
            json.WriteEndObject();
        }

        return $"{Base64Url.EncodeToString(header.WrittenSpan)}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
    }

    /// <summary>Splits a token at its two points; false when it has another form.</summary>
    internal static bool TrySplit(ReadOnlySpan<char> token, out int headerLength, out int signedLength)
    {
        headerLength = token.IndexOf('.');
        signedLength = token.LastIndexOf('.');
        return token.Length <= LengthMax
            && headerLength > 0
            && signedLength > headerLength + 1
            && token[(headerLength + 1)..signedLength].IndexOf('.') < 0
            && token.Length - signedLength - 1 == SignatureLength;
    }

    /// <summary>The header's <c>kid</c>; null unless it holds exactly <c>alg</c> ES256, <c>typ</c> at+jwt and a <c>kid</c>.</summary>
    internal static string? ReadKid(ReadOnlySpan<char> header)
    {
        Span<byte> bytes = stackalloc byte[HeaderMax];
        if (header.Length > HeaderMax || !Base64UrlText.TryDecode(header, bytes, out int length))
        {
            return null;
        }

        try
        {
            Utf8JsonReader json = new(bytes[..length]);
            string? kid = null;
            int seen = 0;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                int field = json.ValueTextEquals("alg"u8) ? 1 : json.ValueTextEquals("typ"u8) ? 2 : json.ValueTextEquals("kid"u8) ? 4 : 0;
                if (field == 0 || (seen & field) != 0 || !json.Read() || json.TokenType != JsonTokenType.String
                    || (field == 1 && !json.ValueTextEquals("ES256"u8))
                    || (field == 2 && !json.ValueTextEquals("at+jwt"u8)))
                {
                    return null;
                }

                seen |= field;
                kid = field == 4 ? json.GetString() : kid;
            }

            return seen == 7 && json.TokenType == JsonTokenType.EndObject && !json.Read() ? kid : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the key signed header and claims.</summary>
    internal static bool IsSigned(SigningKey key, ReadOnlySpan<char> signed, ReadOnlySpan<char> signature)
    {
        Span<byte> signatureBytes = stackalloc byte[SigningKey.SignatureSize];
        Span<byte> text = stackalloc byte[signed.Length];
        return Base64UrlText.TryDecode(signature, signatureBytes, out int length)
            && length == SigningKey.SignatureSize
            && Ascii.FromUtf16(signed, text, out _) == OperationStatus.Done
            && key.Verify(text, signatureBytes);
    }
}
