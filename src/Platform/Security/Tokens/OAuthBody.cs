using System.Net.Http.Headers;
using System.Text;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Reads what OAuth clients send: a form (RFC 6749 §4), or JSON with the same names.</summary>
internal static class OAuthBody
{
    private const int BasicLengthMax = 1024;

    /// <summary>The form's fields by name; null when a field is there twice, or the body is no form.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException { StatusCode: 400 })
        {
            return null;
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach ((string name, var values) in form)
        {
            if (values.Count != 1)
            {
                return null;
            }

            fields[name] = values.ToString();
        }

        return form.Files.Count == 0 ? fields : null;
    }

    /// <summary>The request, with the client from a Basic header when there is one; null when it can't be read.</summary>
    internal static async Task<TokenRequest?> ReadTokenRequestAsync(HttpContext context)
    {
        TokenRequest? request;
        if (context.Request.HasJsonContentType())
        {
            JsonBodyResult<TokenRequest> body = await JsonBody.ReadAsync<TokenRequest>(context);
            request = body.TryGet(out TokenRequest? read, out _) ? read : null;
        }
        else
        {
            // Fields that aren't known are let pass, as RFC 6749 §3.2 asks.
            request = await ReadFormAsync(context) is { } fields
                ? new TokenRequest(
                    fields.GetValueOrDefault("grant_type"),
                    fields.GetValueOrDefault("client_id"),
                    fields.GetValueOrDefault("client_secret"),
                    fields.GetValueOrDefault("refresh_token"),
                    fields.GetValueOrDefault("username"),
                    fields.GetValueOrDefault("password"),
                    fields.GetValueOrDefault("tenant"),
                    fields.GetValueOrDefault("scope"))
                : null;
        }

        string header = context.Request.Headers.Authorization.ToString();
        if (request is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return request;
        }

        // RFC 6749 §2.3: not more than one way in one request.
        return request.ClientSecret is null && TryReadBasic(header, out string id, out string secret)
            && (request.ClientId is null || request.ClientId == id)
            ? request with { ClientId = id.Length == 0 ? null : id, ClientSecret = secret }
            : null;
    }

    private static bool TryReadBasic(string header, out string id, out string secret)
    {
        id = secret = "";
        Span<byte> bytes = stackalloc byte[BasicLengthMax];
        if (!AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? value)
            || !string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { Length: <= BasicLengthMax } parameter
            || !Convert.TryFromBase64String(parameter, bytes, out int length))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        id = Uri.UnescapeDataString(text[..colon]);
        secret = Uri.UnescapeDataString(text[(colon + 1)..]);
        return true;
    }
}
