using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Api;

/// <summary>Short forms of what most tests send.</summary>
internal static class ApiCalls
{
    public const string Accounts = "/v1/cards/accounts";
    public const string Transfers = "/v1/cards/transfers";
    public const string Batch = "/v1/cards/transfers:batch";

    private const int LargeBody = 4 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static Task<Answer> GetAnswerAsync(this HttpClient client, string path) =>
        SendAsync(client, new HttpRequestMessage(HttpMethod.Get, path));

    public static Task<Answer> PostAnswerAsync(this HttpClient client, string path, object body) =>
        client.PostTextAsync(path, JsonSerializer.Serialize(body, JsonSerializerOptions.Web));

    public static Task<Answer> PostTextAsync(this HttpClient client, string path, string json) =>
        client.PostBytesAsync(path, Encoding.UTF8.GetBytes(json));

    public static Task<Answer> PostBytesAsync(this HttpClient client, string path, byte[] body)
    {
        ByteArrayContent content = new(body) { Headers = { ContentType = Json } };
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };

        // A server may close the connection on a body that it refuses, so the client asks before it sends a large one.
        request.Headers.ExpectContinue = body.Length > LargeBody;
        return SendAsync(client, request);
    }

    /// <summary>Opens an account without limits.</summary>
    public static async Task<Guid> OpenAccountAsync(this IskraProcess iskra, string kind, string name, params string[] flags)
    {
        Guid id = Guid.CreateVersion7();
        Answer answer = await iskra.Client.PostAnswerAsync(Accounts, new { id, name, kind, currency = "RUB", flags });
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return id;
    }

    /// <summary>Posts one transfer of 1.00 between two new accounts.</summary>
    public static async Task PostTransferAsync(this IskraProcess iskra)
    {
        Guid debit = await iskra.OpenAccountAsync("asset", "Shop");
        Guid credit = await iskra.OpenAccountAsync("liability", "Till");
        Answer answer = await iskra.Client.PostAnswerAsync(
            Transfers,
            new { id = Guid.CreateVersion7(), debitAccountId = debit, creditAccountId = credit, amountMinor = 100, currency = "RUB" });
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
    }

    /// <summary>Every item of a list, page by page.</summary>
    public static async Task<List<JsonElement>> GetAllAsync(this HttpClient client, string path)
    {
        List<JsonElement> items = [];
        string? cursor = null;
        do
        {
            string address = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500";
            Answer page = await client.GetAnswerAsync(cursor is null ? address : $"{address}&cursor={Uri.EscapeDataString(cursor)}");
            Assert.True(page.Status == HttpStatusCode.OK, page.ToString());
            items.AddRange(page.Body.GetProperty("items").EnumerateArray());
            cursor = page["nextCursor"];
        }
        while (cursor is not null);
        return items;
    }

    private static async Task<Answer> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, text)
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
    }
}
