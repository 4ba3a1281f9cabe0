using System.Text;
using System.Text.Json;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>Makes good requests, which the mutations then spoil.</summary>
internal sealed class RequestSource(Random random, IReadOnlyList<ApiOperation> operations, IReadOnlyList<Guid> accounts, string host)
{
    /// <summary>A number that is valid and nobody's; it may show up nowhere.</summary>
    public const string CardNumber = "4539578763621486";

    public FuzzRequest Next()
    {
        // Writes take the more interesting input, so they come up more often than their share of the list.
        ApiOperation[] writes = [.. operations.Where(operation => operation.Method == "POST")];
        IReadOnlyList<ApiOperation> choice = random.Next(3) > 0 ? writes : operations;
        ApiOperation operation = choice[random.Next(choice.Count)];
        string target = operation.Path.Replace("{id}", PathId(), StringComparison.Ordinal);
        FuzzRequest request = new() { Method = operation.Method, Target = target };
        request.Headers.Add(new("Host", host));
        request.Headers.Add(new("Authorization", "Bearer " + IskraProcess.AdminKey));
        if (operation.Method is "POST" or "PUT" or "PATCH")
        {
            request.Headers.Add(new("Content-Type", "application/json"));
            request.Body = Encoding.UTF8.GetBytes(Body(operation.Path));
        }

        return request;
    }

    /// <summary>A good body for a path; an empty object where none is known.</summary>
    public string BodyOf(string path) => Body(path);

    private string PathId() => (random.Next(2) == 0 ? Account() : Guid.CreateVersion7()).ToString();

    private Guid Account() => accounts[random.Next(accounts.Count)];

    private string Body(string path) => path switch
    {
        "/v1/cards/transfers" => Transfer(),
        "/v1/cards/transfers:batch" => $"{{\"transfers\":[{Transfer()},{Transfer()}]}}",
        "/v1/cards/accounts:batch" =>
            $"{{\"accounts\":[{{\"id\":\"{Guid.CreateVersion7()}\",\"name\":\"Счёт\",\"kind\":\"asset\",\"currency\":\"RUB\"}}]}}",
        "/v1/cards/accounts" => Text(new
        {
            id = Guid.CreateVersion7(),
            name = "Счёт",
            kind = "asset",
            currency = "RUB",
            flags = Array.Empty<string>(),
            overdraftLimitMinor = 0,
        }),
        "/v1/cards/cards" => Text(new
        {
            id = Guid.CreateVersion7(),
            accountId = Account(),
            number = CardNumber,
            expiryMonth = 12,
            expiryYear = 2030,
        }),
        "/v1/cards/cards:lookup" => Text(new { number = CardNumber }),
        "/v1/cards/demo" => Text(new { speed = 1 }),
        "/v1/security/session" => Text(new { apiKey = IskraProcess.AdminKey }),
        "/v1/security/keys" => Text(new { name = "fuzz", scopes = new[] { "cards:read" }, expiresAt = "2099-01-01T00:00:00Z" }),
        _ => "{}",
    };

    private string Transfer()
    {
        Guid debit = Account();
        return Text(new
        {
            id = Guid.CreateVersion7(),
            debitAccountId = debit,
            creditAccountId = accounts.First(account => account != debit),
            amountMinor = random.Next(1, 1_000),
            currency = "RUB",
            kind = random.Next(5) == 0 ? "pending" : "post",
            code = 7,
            reference = "fuzz",
            occurredAt = "2026-01-01T00:00:00Z",
        });
    }

    private static string Text(object body) => JsonSerializer.Serialize(body);
}
