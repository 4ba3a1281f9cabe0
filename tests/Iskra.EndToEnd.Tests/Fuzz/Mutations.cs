using System.Globalization;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>Spoils one thing of a request outside its body, or hands the body to <see cref="BodyMutations"/>.</summary>
internal sealed class Mutations
{
    private static readonly string[] ContentTypes =
    [
        "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
        "application/json; charset=\"\"", "application/xml", "json", "*/*", "application/json;;;=", "application/problem+json", "\u00ff",
    ];

    private static readonly string[] Authorizations =
    [
        "", "Bearer", "Bearer ", "Bearer isk_", "Bearer isk_12345678_abc", "Basic YTpi", "bearer x", "Bearer \u00ff\u00fe", "Bearer a b c",
        "Bearer " + "x0123456789".PadRight(3_000, 'y'), "Digest username=\"a\"", "Bearer isk_%00_%ff",
    ];

    private static readonly string[] Methods =
        ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "get", "GET1", "A", "X-ODD"];

    private static readonly string[] Values =
    [
        "", "0", "-1", "1", "501", "99999999999999999999", "1e3", "1.5", "NaN", "null", "%00", "%ff%fe", "%F0%9F%92%A9", "%ud800", "%",
        "%2", "+",
        "' or 1=1 --", "%27%20or%201%3D1%20--", "..%2f..%2fetc%2fpasswd", "%0d%0aX:1", "true", "[]", "{}", "2026-01-01",
        "2026-13-45T00:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999-14:00", "00000000-0000-0000-0000-000000000000", "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "____________________", "RUB", "asset", "post", "%25", "\u00e9", "_%25_", "a%5Cb",
    ];

    private static readonly string[] Parameters =
    [
        "limit", "cursor", "q", "currency", "kind", "accountId", "minAmountMinor", "maxAmountMinor", "from", "to", "Limit", "limit[]",
        "%00", "",
        "x", "api-version",
    ];

    private static readonly string[] HeaderNames =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Origin", "Referer", "If-None-Match", "If-Modified-Since", "Range",
        "Expect",
        "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "traceparent", "tracestate", "Upgrade", "Content-Encoding",
        "Sec-WebSocket-Key", "Sec-Fetch-Site", "Host", "Content-Language", "Via", "TE",
    ];

    private static readonly string[] HeaderValues =
    [
        "", "*", "gzip", "identity;q=0", "iskra_session=x", "iskra_session=\"", ";;;===", "http://evil.example", "bytes=0-1,-",
        "100-continue", "200-ok",
        "00-00000000000000000000000000000000-0000000000000000-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "websocket",
        "cross-site", "DELETE", "\u00ff\u00fe\u0080", "text/html", "application/problem+xml", "evil.example", "127.0.0.1:99999", "a b",
        "[::1]:5080",
    ];

    private static readonly string[] BeyondHttp = ["odd header", "many headers", "large header", "long address"];

    private readonly Random _random;
    private readonly BodyMutations _body;
    private readonly (string Name, int Weight, Action<FuzzRequest> Apply)[] _all;

    public Mutations(Random random)
    {
        _random = random;
        _body = new BodyMutations(random);
        _all =
        [
            ("content type", 4, request => request.SetHeader("Content-Type", Pick(ContentTypes))),
            ("no content type", 1, request => request.SetHeader("Content-Type", null)),
            ("authorization", 3, request => request.SetHeader("Authorization", Pick(Authorizations))),
            ("no authorization", 2, request => request.SetHeader("Authorization", null)),
            ("method", 4, request => request.Method = Pick(Methods)),
            ("query", 12, AddQuery),
            ("path id", 5, ChangePathId),
            (
                "path tail",
                2,
                request => request.Target += Pick(["/", "//", "/..", "/%2e%2e", "%00", "/x/y", ";a=b", ":batch", ".json", "\u00ff"])),
            ("long address", 1, request => Lengthen(request)),
            ("odd header", 6, OddHeader),
            ("many headers", 1, AddManyHeaders),
            ("large header", 1, request => request.Headers.Add(new("X-Large", new string('a', _random.Next(8_000, 60_000))))),
            ("chunked", 3, request => request.IsChunked = true),
            ("damaged head", 6, Damage),
            ("wrong length", 2, WrongLength),
        ];
    }

    public void Apply(FuzzRequest request)
    {
        int times = _random.Next(4) == 0 ? 2 : 1;
        List<string> names = [];
        for (int time = 0; time < times; time++)
        {
            if (request.Body is { Length: > 0 } && _random.Next(10) < 7)
            {
                names.Add(_body.Apply(request));
                continue;
            }

            (string name, _, Action<FuzzRequest> apply) = PickWeighted();
            apply(request);
            names.Add(name);
        }

        // What isn't ASCII has no place in a request line, and a connection that is asked to change is not ours any more.
        request.IsProtocolFault |= names.Any(BeyondHttp.Contains)
            || request.Target.Contains("%00", StringComparison.Ordinal)
            || request.Headers.Select(header => header.Value).Append(request.Target).Any(text => text.Any(letter => letter > '~'));
        request.Mutation = string.Join(" + ", names);
    }

    private (string Name, int Weight, Action<FuzzRequest> Apply) PickWeighted()
    {
        int at = _random.Next(_all.Sum(mutation => mutation.Weight));
        return _all.First(mutation => (at -= mutation.Weight) < 0);
    }

    private string Pick(string[] values) => values[_random.Next(values.Length)];

    private void AddQuery(FuzzRequest request)
    {
        int count = _random.Next(1, 4);
        for (int index = 0; index < count; index++)
        {
            string value = Pick(Values).Replace(" ", "%20", StringComparison.Ordinal);
            request.Target += $"{(request.Target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Pick(Parameters)}={value}";
        }
    }

    private void ChangePathId(FuzzRequest request)
    {
        string[] parts = request.Target.Split('/');
        parts[_random.Next(1, parts.Length)] = Pick(Values).Replace(" ", "%20", StringComparison.Ordinal);
        request.Target = string.Join('/', parts);
    }

    private void Lengthen(FuzzRequest request) =>
        request.Target += "?q=" + new string(_random.Next(2) == 0 ? 'a' : '%', _random.Next(100, 12_000));

    private void OddHeader(FuzzRequest request) => request.SetHeader(Pick(HeaderNames), Pick(HeaderValues));

    private void AddManyHeaders(FuzzRequest request)
    {
        int count = _random.Next(50, 400);
        for (int index = 0; index < count; index++)
        {
            request.Headers.Add(new(string.Create(CultureInfo.InvariantCulture, $"X-{index}"), "a"));
        }
    }

    private void Damage(FuzzRequest request)
    {
        int seed = _random.Next();
        request.IsProtocolFault = true;
        request.Damage = head =>
        {
            Random damage = new(seed);
            for (int count = damage.Next(1, 5); count > 0; count--)
            {
                head[damage.Next(head.Length)] = (byte)damage.Next(256);
            }
        };
    }

    private void WrongLength(FuzzRequest request)
    {
        request.IsProtocolFault = true;
        request.ClaimedLength = _random.Next(4) switch
        {
            0 => 0,
            1 => (request.Body?.Length ?? 0) + _random.Next(1, 100),
            2 => long.MaxValue,
            _ => -1,
        };
    }
}
