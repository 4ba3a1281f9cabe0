using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Host;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.BadInput;

public sealed class BadInputTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const long BodyBytesMax = 8 * 1024 * 1024;

    private static readonly string[] Required = ["type", "title", "traceId", "code"];

    [Fact]
    public async Task Requests_Bad_NameTheFieldAndChangeNothing()
    {
        IskraProcess iskra = server.Iskra;
        Guid debit = await iskra.OpenAccountAsync("asset", "Debit");
        Guid credit = await iskra.OpenAccountAsync("liability", "Credit");
        List<string> faults = [];
        int count = 0;
        foreach (BadRequest request in BadRequests.All(debit, credit, BodyBytesMax))
        {
            count++;
            Answer answer = await iskra.Client.PostBytesAsync(request.Path, request.Body);
            if (FindFault(request, answer) is { } fault)
            {
                faults.Add($"{request.Name}: {fault}\n    {answer}");
            }
        }

        Assert.True(faults.Count == 0, $"{faults.Count} of {count} bad requests are answered wrongly:\n{string.Join('\n', faults)}");
        Assert.Empty(await iskra.Client.GetAllAsync(ApiCalls.Transfers));
        Assert.Equal(2, (await iskra.Client.GetAllAsync(ApiCalls.Accounts)).Count);
        Assert.Empty(await iskra.Client.GetAllAsync("/v1/cards/cards"));
        Assert.DoesNotContain("4000000000000001", iskra.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/cards/accounts?limit=0", "limit")]
    [InlineData("/v1/cards/accounts?limit=501", "limit")]
    [InlineData("/v1/cards/accounts?limit=1e2", "limit")]
    [InlineData("/v1/cards/accounts?cursor=%00", "cursor")]
    [InlineData("/v1/cards/accounts?kind=equity", "kind")]
    [InlineData("/v1/cards/accounts?currency=rub", "currency")]
    [InlineData("/v1/cards/transfers?cursor=zzz", "cursor")]
    [InlineData("/v1/cards/transfers?accountId=5", "accountId")]
    [InlineData("/v1/cards/transfers?from=yesterday", "from")]
    [InlineData("/v1/cards/transfers?minAmountMinor=-", "minAmountMinor")]
    [InlineData("/v1/cards/cards?limit=-1", "limit")]
    [InlineData("/v1/security/keys?limit=x", "limit")]
    public async Task Queries_Bad_NameTheParameter(string address, string parameter)
    {
        Answer answer = await server.Iskra.Client.GetAnswerAsync(address);
        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.ToString());
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Contains(parameter, ErrorPaths(answer));
    }

    private static string? FindFault(BadRequest request, Answer answer)
    {
        if (answer.StatusNumber != request.Status || answer.MediaType != "application/problem+json")
        {
            return $"{answer.StatusNumber} {answer.MediaType} instead of {request.Status} {request.Code}";
        }

        string[] missing = [.. Required.Where(name => string.IsNullOrEmpty(answer[name]))];
        if (missing.Length > 0)
        {
            return $"the problem lacks {string.Join(", ", missing)}";
        }

        return answer["code"] != request.Code
            ? $"{answer["code"]} instead of {request.Code}"
            : request.ErrorPath is { } path && !ErrorPaths(answer).Contains(path)
            ? $"errors name {string.Join(", ", ErrorPaths(answer))} instead of {path}"
            : null;
    }

    private static IReadOnlyList<string?> ErrorPaths(Answer answer) => answer.Body.TryGetProperty("errors", out JsonElement errors)
        ? [.. errors.EnumerateArray().Select(error => error.GetProperty("path").GetString())]
        : [];
}
