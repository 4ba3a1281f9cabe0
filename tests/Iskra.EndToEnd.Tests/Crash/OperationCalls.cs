using System.Net;
using Iskra.EndToEnd.Tests.Api;

namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>Sends operations.</summary>
internal static class OperationCalls
{
    /// <summary>The statuses; null when the server died before it answered.</summary>
    public static async Task<IReadOnlyList<string>?> TrySendAsync(this HttpClient client, Operation operation)
    {
        try
        {
            if (!operation.IsBatch)
            {
                Answer single = await client.PostAnswerAsync(ApiCalls.Transfers, operation.Transfers[0]);
                Assert.True(single.Status is HttpStatusCode.Created or HttpStatusCode.OK, single.ToString());
                return [single["status"]!];
            }

            Answer batch = await client.PostAnswerAsync(ApiCalls.Batch, new { transfers = operation.Transfers });
            Assert.True(batch.Status == HttpStatusCode.OK, batch.ToString());
            return [.. batch.Body.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetString()!)];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// True when the ledger gave its answer to all of the operation, be it an earlier attempt's. False when the request has to be sent
    /// again: nobody answered, or what answered could not know.
    /// </summary>
    public static async Task<bool> TryPostAsync(this HttpClient client, Operation operation)
    {
        try
        {
            Answer answer = operation.IsBatch
                ? await client.PostAnswerAsync(ApiCalls.Batch, new { transfers = operation.Transfers })
                : await client.PostAnswerAsync(ApiCalls.Transfers, operation.Transfers[0]);
            Assert.True(
                answer.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.BadGateway
                    or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
                answer.ToString());
            return answer.Status is HttpStatusCode.OK or HttpStatusCode.Created;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
