using System.Text;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;

namespace Iskra.EndToEnd.Tests.BadInput;

/// <summary>The table of what callers get wrong. Accounts: two that exist, both in roubles.</summary>
internal static class BadRequests
{
    private const int ManyKeys = 10_000;
    private const int TooDeep = 100;

    public static IEnumerable<BadRequest> All(Guid debit, Guid credit, long bodyBytesMax) =>
    [
        .. Malformed(debit, credit),
        .. Fields(debit, credit),
        .. Amounts(debit, credit),
        .. Rules(debit, credit),
        .. Batches(debit, credit),
        .. AccountsAndCards(debit),
        .. Sizes(bodyBytesMax),
    ];

    private static IEnumerable<BadRequest> Malformed(Guid debit, Guid credit)
    {
        string good = Transfer(debit, credit);
        yield return Json("empty body", "", "$");
        yield return Json("no JSON", "amountMinor=5", "$");
        yield return Json("cut off", good[..^9], null);
        yield return Json("an array", $"[{good}]", "$");
        yield return Json("null", "null", "$");
        yield return Json("two documents", good + good, "$");
        yield return Json("a trailing comma", good.Replace("}", ",}", StringComparison.Ordinal), null);
        yield return Json("a comment", "/* */" + good, null);
        yield return Json(
            "nested too deeply", string.Concat(Enumerable.Repeat("{\"id\":", TooDeep)) + "1" + new string('}', TooDeep), null);
        byte[] latin = Encoding.Latin1.GetBytes(good.Replace("\"RUB\"", "\"RUB\",\"reference\":\"caf\u00e9\"", StringComparison.Ordinal));
        yield return new BadRequest("invalid UTF-8", ApiCalls.Transfers, latin, 400, "invalid-json", "$.reference");
        yield return Json(
            "a lone surrogate", good.Replace("\"RUB\"", "\"RUB\",\"reference\":\"\\ud800\"", StringComparison.Ordinal), "$.reference");
    }

    private static IEnumerable<BadRequest> Fields(Guid debit, Guid credit)
    {
        string good = Transfer(debit, credit);
        string manyKeys = string.Concat(
            Enumerable.Range(0, ManyKeys).Select(index => FormattableString.Invariant($"\"k{index}\":{index},")));
        yield return Json("an unknown field", good.Replace("{", "{\"ammountMinor\":5,", StringComparison.Ordinal), "$.ammountMinor");
        yield return Json("10,000 keys", good.Replace("{", "{" + manyKeys, StringComparison.Ordinal), "$.k0");
        yield return Json("a field twice", good.Replace("{", "{\"amountMinor\":5,", StringComparison.Ordinal), "$.amountMinor");
        yield return Json("a missing id", "{\"amountMinor\":5}", "$.id");
        yield return Json("an id that is a number", "{\"id\":5}", "$.id");
        yield return Json("an id that is no UUID", "{\"id\":\"5\"}", "$.id");
        yield return Json("an amount that is text", good.Replace(":100,", ":\"100\",", StringComparison.Ordinal), "$.amountMinor");
        yield return Json("an amount with a fraction", good.Replace(":100,", ":100.5,", StringComparison.Ordinal), "$.amountMinor");
        yield return Json("an amount with an exponent", good.Replace(":100,", ":1e400,", StringComparison.Ordinal), "$.amountMinor");
        yield return Json("an amount that is an object", good.Replace(":100,", ":{},", StringComparison.Ordinal), "$.amountMinor");
        yield return Json("a kind that is unknown", With(good, "\"kind\":\"gift\""), "$.kind");
        yield return Json("a kind that is a number", With(good, "\"kind\":1"), "$.kind");
        yield return Json("a time that is none", With(good, "\"occurredAt\":\"yesterday\""), "$.occurredAt");
        yield return Json("linked that is text", With(good, "\"linked\":\"yes\""), "$.linked");
    }

    private static IEnumerable<BadRequest> Amounts(Guid debit, Guid credit)
    {
        yield return Post("an amount of 0", Transfer(debit, credit, amount: "0"), 400, "invalid-request", "$.amountMinor");
        yield return Post("a negative amount", Transfer(debit, credit, amount: "-1"), 400, "amount-must-be-positive", "$.amountMinor");
        yield return Post(
            "the lowest amount", Transfer(debit, credit, amount: "-9223372036854775808"), 400, "amount-must-be-positive", "$.amountMinor");
        yield return Post("2^53", Transfer(debit, credit, amount: "9007199254740992"), 400, "amount-too-large", "$.amountMinor");
        yield return Post("2^63-1", Transfer(debit, credit, amount: "9223372036854775807"), 400, "amount-too-large", "$.amountMinor");
        yield return Json("2^63", Transfer(debit, credit, amount: "9223372036854775808"), "$.amountMinor");
        yield return Post(
            "no currency",
            Transfer(debit, credit).Replace(",\"currency\":\"RUB\"", "", StringComparison.Ordinal),
            400,
            "invalid-request",
            "$.currency");
        yield return Post("an unknown currency", Transfer(debit, credit, currency: "XQZ"), 400, "invalid-request", "$.currency");
        yield return Post("a currency in small letters", Transfer(debit, credit, currency: "rub"), 400, "invalid-request", "$.currency");
        yield return Post("another currency", Transfer(debit, credit, currency: "EUR"), 422, "currency-must-match-accounts", "$.currency");
    }

    private static IEnumerable<BadRequest> Rules(Guid debit, Guid credit)
    {
        string good = Transfer(debit, credit);
        yield return Post("the same account", Transfer(debit, debit), 400, "accounts-must-be-different", "$.creditAccountId");
        yield return Post(
            "an unknown debit account", Transfer(Guid.CreateVersion7(), credit), 404, "debit-account-not-found", "$.debitAccountId");
        yield return Post(
            "an unknown credit account", Transfer(debit, Guid.CreateVersion7()), 404, "credit-account-not-found", "$.creditAccountId");
        yield return Post("no debit account", Transfer(Guid.Empty, credit), 400, "debit-account-required", "$.debitAccountId");
        yield return Post("an id of zeros", Transfer(debit, credit, id: Guid.Empty), 400, "id-must-not-be-zero", "$.id");
        yield return Post("a code above 65535", With(good, "\"code\":65536"), 400, "code-out-of-range", "$.code");
        yield return Post("an empty reference", With(good, "\"reference\":\"\""), 400, "reference-invalid", "$.reference");
        yield return Post(
            "a long reference", With(good, $"\"reference\":\"{new string('a', 65)}\""), 400, "reference-invalid", "$.reference");
        yield return Post("a NUL in the reference", With(good, "\"reference\":\"a\\u0000\""), 400, "reference-invalid", "$.reference");
        yield return Post(
            "a negative time-out",
            With(good, "\"kind\":\"pending\",\"timeoutSeconds\":-1"),
            400,
            "timeout-out-of-range",
            "$.timeoutSeconds");
        yield return Post(
            "a time-out on a post", With(good, "\"timeoutSeconds\":5"), 400, "timeout-reserved-for-pending", "$.timeoutSeconds");
        yield return Post("an expiry by hand", With(good, "\"kind\":\"expirePending\""), 400, "invalid-request", "$.kind");
        yield return Post(
            "an unknown reservation",
            With(good, $"\"kind\":\"postPending\",\"pendingId\":\"{Guid.CreateVersion7()}\""),
            404,
            "pending-transfer-not-found",
            "$.pendingId");
        yield return Post("an open chain", With(good, "\"linked\":true"), 422, "linked-chain-open", "$.linked");
    }

    private static IEnumerable<BadRequest> Batches(Guid debit, Guid credit)
    {
        string good = Transfer(debit, credit);
        yield return Batch("no transfers", "", "$.transfers");
        yield return Batch("too many transfers", string.Join(',', Enumerable.Repeat(good, 8_191)), "$.transfers");
        yield return Batch("an unknown currency within", $"{good},{Transfer(debit, credit, currency: "XQZ")}", "$.transfers[1].currency");
        yield return Batch("an amount of 0 within", $"{good},{Transfer(debit, credit, amount: "0")}", "$.transfers[1].amountMinor");
        yield return Batch("null within", $"{good},null", "$.transfers[1]");
        yield return Batch(
            "a wrong type within", $"{good},{Transfer(debit, credit, amount: "\"5\"")}", "$.transfers[1].amountMinor", "invalid-json");
        yield return Batch("an unknown field within", $"{good},{With(good, "\"x\":1")}", "$.transfers[1].x", "invalid-json");
    }

    private static IEnumerable<BadRequest> AccountsAndCards(Guid account)
    {
        yield return Account("a nameless account", "\"name\":\" \",\"kind\":\"asset\",\"currency\":\"RUB\"", "$.name");
        yield return Account("an unknown currency", "\"name\":\"A\",\"kind\":\"asset\",\"currency\":\"ABC\"", "$.currency");
        yield return Account(
            "an unknown flag", "\"name\":\"A\",\"kind\":\"asset\",\"currency\":\"RUB\",\"flags\":[\"frozen\",\"x\"]", "$.flags[1]");
        yield return Account(
            "a negative overdraft", "\"name\":\"A\",\"kind\":\"asset\",\"currency\":\"RUB\",\"overdraftLimitMinor\":-1",
            "$.overdraftLimitMinor");
        yield return Account("an unknown kind", "\"name\":\"A\",\"kind\":\"equity\",\"currency\":\"RUB\"", "$.kind", "invalid-json");
        yield return Card(account, "4000000000000001", 12, "$.number");
        yield return Card(account, "12", 12, "$.number");
        yield return Card(account, "4111111111111111", 13, "$.expiryMonth");
        yield return new BadRequest(
            "a key without a name", "/v1/security/keys", "{\"name\":\"\",\"scopes\":[\"cards:read\"]}", 400, "invalid-request", "$.name");
        yield return new BadRequest(
            "an unknown scope", "/v1/security/keys", "{\"name\":\"k\",\"scopes\":[\"cards:read\",\"all\"]}", 400, "invalid-request",
            "$.scopes[1]");
    }

    private static IEnumerable<BadRequest> Sizes(long bodyBytesMax)
    {
        byte[] large = new byte[bodyBytesMax + 1];
        Array.Fill(large, (byte)' ');
        yield return new BadRequest("a body over the limit", ApiCalls.Batch, large, 413, "body-too-large", null);
    }

    private static BadRequest Json(string name, string body, string? path) => Post(name, body, 400, "invalid-json", path);

    private static BadRequest Post(string name, string body, int status, string code, string? path) =>
        new(name, ApiCalls.Transfers, body, status, code, path);

    private static BadRequest Batch(string name, string transfers, string path, string code = "invalid-request") =>
        new(name, ApiCalls.Batch, $"{{\"transfers\":[{transfers}]}}", 400, code, path);

    private static BadRequest Account(string name, string fields, string path, string code = "invalid-request") =>
        new(name, ApiCalls.Accounts, $"{{\"id\":\"{Guid.CreateVersion7()}\",{fields}}}", 400, code, path);

    private static BadRequest Card(Guid account, string number, int month, string path)
    {
        object body = new { id = Guid.CreateVersion7(), accountId = account, number, expiryMonth = month, expiryYear = 2030 };
        string text = JsonSerializer.Serialize(body);
        return new BadRequest("a card with a wrong " + path, "/v1/cards/cards", text, 400, "invalid-request", path);
    }

    private static string With(string transfer, string field) => transfer.Replace("}", $",{field}}}", StringComparison.Ordinal);

    private static string Transfer(Guid debit, Guid credit, string amount = "100", string currency = "RUB", Guid? id = null) =>
        $"{{\"id\":\"{id ?? Guid.CreateVersion7()}\",\"debitAccountId\":\"{debit}\",\"creditAccountId\":\"{credit}\","
        + $"\"amountMinor\":{amount},\"currency\":\"{currency}\"}}";
}
