using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>Spoils a JSON body: its bytes, its text or its values.</summary>
internal sealed class BodyMutations
{
    private const string Marker = "\"@@value@@\"";
    private const int BodyBytesMax = 8 * 1024 * 1024;

    private static readonly string[] Values =
    [
        "0", "-0", "-1", "1", "1.0", "1.5", "1e2", "1e400", "-1e400", "1E-400", "9007199254740991", "9007199254740992",
        "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999999999999999999999", "0.1e1", "01",
        "+1", "NaN",
        "Infinity", "null", "true", "false", "\"\"", "\" \"", "[]", "{}", "[[]]", "[null]", "[0,\"\",{}]", "{\"a\":1}", "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\\uD83D\\uDCA9\"", "\"00000000-0000-0000-0000-000000000000\"", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
        "\"{00000000-0000-0000-0000-000000000001}\"", "\"RUB\"", "\"rub\"", "\"XXX\"", "\"USD\"", "\"post\"", "\"POST\"", "\"postPending\"",
        "\"voidPending\"", "\"expirePending\"", "\"pending\"", "\"1\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30T00:00:00Z\"", "\"2026-01-01\"",
        "\"\\\\\\\"\"",
        "\"'; drop table cards_journal; --\"", "\"<script>alert(1)</script>\"", "\"\\u202e\\u200b\"", "\"../../etc/passwd\"",
        "\"${jndi:ldap://x}\"", "\"%s%n\"",
    ];

    private static readonly string[] UnknownFields =
        [
            "\"x\":1", "\"__proto__\":{}", "\"Id\":1", "\"\":1", "\"$type\":\"System.Object\"", "\"id \":1", "\"\\u0000\":1",
            "\"linked\":true", "\"pendingId\":null",
        ];

    private readonly Random _random;
    private readonly (string Name, int Weight, Func<byte[], byte[]> Apply)[] _all;

    public BodyMutations(Random random)
    {
        _random = random;
        _all =
        [
            ("odd value", 40, body => ReplaceValue(body, Values[_random.Next(Values.Length)])),
            ("long text", 3, body => ReplaceValue(body, $"\"{new string('я', _random.Next(50, 20_000))}\"")),
            ("deep value", 3, body => ReplaceValue(body, Nested(_random.Next(5, 5_000)))),
            ("long number", 2, body => ReplaceValue(body, new string('9', _random.Next(20, 5_000)))),
            ("flipped bytes", 15, Flip),
            ("truncated", 6, body => body[.._random.Next(body.Length)]),
            ("doubled", 2, body => [.. body, .. body]),
            ("inserted bytes", 6, Insert),
            ("unknown field", 5, body => InsertField(body, UnknownFields[_random.Next(UnknownFields.Length)])),
            ("duplicate field", 4, Duplicate),
            ("removed field", 4, RemoveField),
            ("many fields", 1, body => InsertField(body, ManyFields())),
            ("byte order mark", 2, body => [0xEF, 0xBB, 0xBF, .. body]),
            ("UTF-16", 1, body => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body))),
            ("invalid UTF-8", 5, InvalidUtf8),
            ("deep body", 1, body => Encoding.UTF8.GetBytes(new string('[', _random.Next(10, 100_000)))),
            ("empty", 1, _ => []),
        ];
    }

    public string Apply(FuzzRequest request)
    {
        if (_random.Next(1_500) == 0)
        {
            request.Body = new byte[BodyBytesMax + 1];
            request.IsProtocolFault = true;
            return "body over the limit";
        }

        int at = _random.Next(_all.Sum(mutation => mutation.Weight));
        (string name, _, Func<byte[], byte[]> apply) = _all.First(mutation => (at -= mutation.Weight) < 0);
        request.Body = apply(request.Body!);
        return name;
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static string ManyFields() =>
        string.Join(',', Enumerable.Range(0, 10_000).Select(index => string.Create(CultureInfo.InvariantCulture, $"\"k{index}\":{index}")));

    private byte[] ReplaceValue(byte[] body, string value)
    {
        List<Action<JsonNode>> places = [];
        JsonNode? root = Parse(body);
        Collect(root, places);
        if (places.Count == 0)
        {
            return Encoding.UTF8.GetBytes(value);
        }

        places[_random.Next(places.Count)](JsonValue.Create(Marker.Trim('"')));
        return Encoding.UTF8.GetBytes(root!.ToJsonString().Replace(Marker, value, StringComparison.Ordinal));
    }

    private byte[] RemoveField(byte[] body)
    {
        if (Parse(body) is not JsonObject { Count: > 0 } root)
        {
            return body;
        }

        JsonObject target = root["transfers"] is JsonArray { Count: > 0 } list && list[0] is JsonObject { Count: > 0 } first ? first : root;
        target.Remove(target.ElementAt(_random.Next(target.Count)).Key);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private byte[] Duplicate(byte[] body) => Parse(body) is JsonObject { Count: > 0 } root
        ? InsertField(body, $"\"{root.ElementAt(_random.Next(root.Count)).Key}\":{Values[_random.Next(Values.Length)]}")
        : body;

    private byte[] InsertField(byte[] body, string field)
    {
        int[] braces = [.. Enumerable.Range(0, body.Length).Where(index => body[index] == (byte)'{')];
        if (braces.Length == 0)
        {
            return body;
        }

        int at = braces[_random.Next(braces.Length)] + 1;
        return [.. body[..at], .. Encoding.UTF8.GetBytes(field + ","), .. body[at..]];
    }

    private byte[] Flip(byte[] body)
    {
        byte[] flipped = [.. body];
        for (int count = flipped.Length == 0 ? 0 : _random.Next(1, 9); count > 0; count--)
        {
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return flipped;
    }

    private byte[] Insert(byte[] body)
    {
        byte[] noise = new byte[_random.Next(1, 40)];
        _random.NextBytes(noise);
        int at = _random.Next(body.Length + 1);
        return [.. body[..at], .. noise, .. body[at..]];
    }

    private byte[] InvalidUtf8(byte[] body)
    {
        byte[][] sequences = [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]];
        int[] quotes = [.. Enumerable.Range(0, body.Length).Where(index => body[index] == (byte)'"')];
        int at = quotes.Length == 0 ? 0 : quotes[_random.Next(quotes.Length)] + 1;
        return [.. body[..at], .. sequences[_random.Next(sequences.Length)], .. body[at..]];
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(body, documentOptions: new() { AllowDuplicateProperties = false });
            Collect(root, []);
            _ = root?.ToJsonString();
            return root;
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            // A body that a first mutation has spoiled can't be spoiled by structure any more.
            return null;
        }
    }

    private static void Collect(JsonNode? node, List<Action<JsonNode>> places)
    {
        if (node is JsonObject fields)
        {
            foreach ((string name, JsonNode? value) in fields.ToArray())
            {
                places.Add(other => fields[name] = other);
                Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (int index = 0; index < items.Count; index++)
            {
                int at = index;
                places.Add(other => items[at] = other);
                Collect(items[index], places);
            }
        }
    }
}
