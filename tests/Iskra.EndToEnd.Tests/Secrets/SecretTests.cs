using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Fuzz;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Secrets;

/// <summary>
/// Fires secrets of all kinds at every operation that the program describes, in each place that a request has, and looks for them in
/// everything that comes out: answers that tell of errors, logs, metrics, events, and every byte of the data folder.
/// </summary>
public sealed class SecretTests
{
    /// <summary>Ends streams and sockets, which have no end of their own.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Program_SecretsInEveryPlaceOfARequest_AreFoundNowhere(string logFormat)
    {
        using TestFolder folder = new();
        string answers;
        string metrics;
        string output;
        await using (IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], null, "--log-format", logFormat))
        {
            Guid account = await iskra.OpenAccountAsync("asset", "Shop");
            answers = await FireAsync(iskra, account);
            metrics = (await iskra.Client.GetAnswerAsync("/metrics")).Text;
            await iskra.TerminateAsync();
            output = iskra.Output + iskra.Error;
        }

        Assert.Contains("iskra_http_errors", metrics, StringComparison.Ordinal);
        string events = await ReadEventsAsync(folder["data"]);
        foreach (Secret secret in Secret.All)
        {
            AssertAbsent(secret, answers, "an answer that tells of an error");
            AssertAbsent(secret, metrics, "the metrics");
            AssertAbsent(secret, output, "the log");
            AssertAbsent(secret, events, "the events");
        }

        AssertNotInFiles(folder["data"]);
    }

    [Fact]
    public async Task Commands_SecretsInArgumentsAndSettings_AreNotRepeated()
    {
        using TestFolder folder = new();
        for (int number = 0; number < Secret.All.Count; number++)
        {
            Secret secret = Secret.All[number];
            string[][] lines =
            [
                [secret.Text], ["cards", secret.Text], ["cards", "export", "--out", folder["x.csv"], "--account", secret.Text],
                ["cards", "import", folder["none.csv"], "--map", secret.Text],
                ["cards", "import", folder["none.csv"], "--tenant", secret.Text],
                ["keys", "revoke", secret.Text], ["serve", "--roles", secret.Text], ["serve", "--urls", secret.Text],
            ];
            // A process for each takes its time: three of the places for each secret, others for the next one.
            foreach (string[] line in new[] { lines[number % 8], lines[(number + 3) % 8], lines[(number + 5) % 8] })
            {
                IskraResult result = await IskraProcess.RunAsync(null, [.. line, "--data", folder["data"]]);
                Assert.NotEqual(0, result.ExitCode);
                AssertAbsent(secret, result.Output + result.Error, $"the output of 'iskra {line[0]} …'");
            }
        }

        IskraResult unreachable = await IskraProcess.RunAsync(
            new Dictionary<string, string?> { ["ISKRA_DATABASE"] = "postgres://iskra:pgNeedle77@127.0.0.1:1/iskra" },
            "cards",
            "verify",
            "--data",
            folder["data"]);
        Assert.NotEqual(0, unreachable.ExitCode);
        Assert.DoesNotContain("pgNeedle77", unreachable.Output + unreachable.Error, StringComparison.Ordinal);
    }

    /// <summary>Everything that was answered with an error, and the heads of all answers.</summary>
    private static async Task<string> FireAsync(IskraProcess iskra, Guid account)
    {
        StringBuilder answers = new();
        IReadOnlyList<ApiOperation> operations = await ApiOperation.ReadAllAsync(iskra);
        Assert.True(operations.Count(operation => operation.Method == "POST") >= 8);
        RequestSource source = new(new Random(7), operations, [account, Guid.CreateVersion7()], iskra.Address.Authority);
        foreach (ApiOperation operation in operations.Where(operation => !IsStream(operation)))
        {
            foreach (Secret secret in Secret.All)
            {
                foreach (HttpRequestMessage request in Spoil(operation, secret, source.BodyOf(operation.Path)))
                {
                    answers.AppendLine(await SendAsync(iskra.Client, request));
                }
            }
        }

        await SendBrokenAsync(iskra, answers);
        return answers.ToString();
    }

    private static bool IsStream(ApiOperation operation) =>
        operation.Path.StartsWith("/ws/", StringComparison.Ordinal)
        || operation.Path.Contains("stream", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<HttpRequestMessage> Spoil(ApiOperation operation, Secret secret, string body)
    {
        HttpMethod method = new(operation.Method);
        string escaped = Uri.EscapeDataString(secret.Text);
        string path = operation.Path;
        int hole = path.IndexOf('{', StringComparison.Ordinal);
        string good = hole < 0 ? path : path[..hole] + Guid.CreateVersion7() + path[(path.IndexOf('}', hole) + 1)..];
        if (hole >= 0)
        {
            yield return new HttpRequestMessage(method, path[..hole] + escaped + path[(path.IndexOf('}', hole) + 1)..]);
        }

        yield return new HttpRequestMessage(method, $"{good.TrimEnd('/')}/{escaped}");
        string[] names = ["q", "cursor", "limit", "accountId", "kind", "currency", "from", "unknown"];
        yield return new HttpRequestMessage(method, $"{good}?{string.Join('&', names.Select(name => $"{name}={escaped}"))}");
        yield return new HttpRequestMessage(method, $"{good}?{escaped}={escaped}");
        foreach (string header in new[] { "Authorization", "Cookie", "User-Agent", "X-Request-Id", "traceparent", "Origin", "Accept" })
        {
            HttpRequestMessage request = new(method, good);
            request.Headers.TryAddWithoutValidation(header, header == "Cookie" ? $"iskra_session={secret.Text}" : secret.Text);
            yield return request;
        }

        if (operation.Method is not ("POST" or "PUT" or "PATCH"))
        {
            yield break;
        }

        foreach (string spoiled in SpoilBody(body, secret))
        {
            yield return new HttpRequestMessage(method, good)
            {
                Content = new StringContent(spoiled, Encoding.UTF8, "application/json"),
            };
        }

        yield return new HttpRequestMessage(method, good) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
    }

    /// <summary>The secret as the value of each field, as a field's name, in place of the body, and where the JSON breaks off.</summary>
    private static IEnumerable<string> SpoilBody(string body, Secret secret)
    {
        string text = JsonSerializer.Serialize(secret.Text);
        JsonObject good = JsonNode.Parse(body)!.AsObject();
        foreach (string field in good.Select(pair => pair.Key).ToArray())
        {
            JsonObject changed = good.DeepClone().AsObject();
            changed[field] = secret.Text;
            yield return changed.ToJsonString();
        }

        JsonObject named = good.DeepClone().AsObject();
        named[secret.Text] = 1;
        yield return named.ToJsonString();
        yield return text;
        yield return $"[{text}]";
        yield return $"{{{text}:{text}";
        yield return secret.Text;
        yield return body[..^1] + $",\"note\":{text}";
    }

    private static async Task<string> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using CancellationTokenSource limit = new(AnswerTimeout);
                using HttpResponseMessage response = await client.SendAsync(request, limit.Token);
                string headers = string.Join('\n', response.Headers.Select(pair => string.Join(',', pair.Value)));
                string head = $"{(int)response.StatusCode} {headers}";

                // A good answer may repeat what its own caller sent; an error may not.
                return response.IsSuccessStatusCode ? head : $"{head}\n{await response.Content.ReadAsStringAsync(limit.Token)}";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                return "";
            }
        }
    }

    /// <summary>Requests that no HTTP library would send, and one that is broken off.</summary>
    private static async Task SendBrokenAsync(IskraProcess iskra, StringBuilder answers)
    {
        foreach (Secret secret in Secret.All)
        {
            string[] requests =
            [
                $"GET /{secret.Text} HTTP/1.1\r\nHost: {secret.Text}\r\n\r\n",
                $"{secret.Text} / HTTP/1.1\r\nHost: x\r\n\r\n",
                $"POST {ApiCalls.Transfers} HTTP/1.1\r\nHost: {iskra.Address.Authority}\r\n"
                + $"Authorization: Bearer {IskraProcess.AdminKey}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{{\"reference\":\"{secret.Text}\"",
            ];
            foreach (string request in requests)
            {
                using TcpClient client = new();
                await client.ConnectAsync(iskra.Address.Host, iskra.Address.Port);
                await using NetworkStream stream = client.GetStream();
                await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
                client.Client.Shutdown(SocketShutdown.Send);
                using StreamReader reader = new(stream, Encoding.UTF8);
                try
                {
                    answers.AppendLine(await reader.ReadToEndAsync());
                }
                catch (IOException)
                {
                    // The server closes a connection that it can't make sense of; what it had said before is gone with it.
                }
            }
        }
    }

    private static async Task<string> ReadEventsAsync(string data)
    {
        await using Database database = await Database.OpenAsync(
            new DataOptions { Folder = data }, global::Iskra.Host.Modules.All.Select(module => module.Migrations), StoreAccess.ReadOnly);
        IReadOnlyList<string> payloads = await database.ReadAsync(
            session => session.QueryAsync<string>("select type || ' ' || key || ' ' || payload from events_outbox"));
        return string.Join('\n', payloads);
    }

    /// <summary>Cards were registered by the good requests: their numbers are in the store, and only sealed.</summary>
    private static void AssertNotInFiles(string data)
    {
        string[] files = Directory.GetFiles(data, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("iskra.db", StringComparison.Ordinal));
        foreach (string file in files)
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            foreach (Secret secret in Secret.All.Where(secret => !IsFreeText(secret)))
            {
                foreach (byte[] needle in new[] { Encoding.UTF8.GetBytes(secret.Needle), Encoding.Unicode.GetBytes(secret.Needle) })
                {
                    int at = content.AsSpan().IndexOf(needle);
                    Assert.True(at < 0, $"{secret.Name} is in {Path.GetFileName(file)} at {at.ToString(CultureInfo.InvariantCulture)}.");
                }
            }
        }
    }

    /// <summary>
    /// What only a name in front of it makes a secret is a text like any other to a shop's name or a reference: it is stored as
    /// it was sent.
    /// </summary>
    private static bool IsFreeText(Secret secret) =>
        secret.Name is "broker's address" or "database's address" or "cache's address" or "connection string" or "named secret";

    private static void AssertAbsent(Secret secret, string text, string where)
    {
        int at = text.IndexOf(secret.Needle, StringComparison.Ordinal);
        Assert.True(at < 0, at < 0 ? "" : $"{secret.Name} is in {where}: …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)]}…");
    }
}
