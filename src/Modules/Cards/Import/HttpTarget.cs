using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// Posts to a running server. A busy one (503) is asked again when it says; a lost connection is tried again: ids make that safe.
/// </summary>
internal sealed class HttpTarget : IImportTarget, IDisposable
{
    private const int AttemptsMax = 60;
    private const int AccountsPerRequest = 4_000;

    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, TransferStatus> BySlug =
        StatusTable.Known.ToDictionary(StatusTable.SlugOf, StringComparer.Ordinal);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public HttpTarget(Uri server, string? key, HttpMessageHandler handler, TimeProvider time)
    {
        _client = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        _time = time;
    }

    public async Task<int> OpenAsync(IReadOnlyList<AccountRequest> accounts, CancellationToken cancellationToken)
    {
        int opened = 0;
        foreach (AccountRequest[] part in accounts.Chunk(AccountsPerRequest))
        {
            AccountBatchRequest body = new() { Accounts = [.. part.Select(ToBody)] };
            using HttpResponseMessage response = await SendAsync("v1/cards/accounts:batch", body, cancellationToken);
            AccountBatchResponse? answer =
                await response.Content.ReadFromJsonAsync<AccountBatchResponse>(StrictJson.Options, cancellationToken);
            if (answer?.Results.Count != part.Length)
            {
                throw new StartupException(
                    ExitCode.Failure, "The server's answer holds another number of results than accounts were sent.");
            }

            AccountBatchResult? other = answer.Results.FirstOrDefault(
                one => one.Status is not (AccountBatchEndpoint.Ok or AccountBatchEndpoint.Exists));
            if (other is not null)
            {
                throw new StartupException(
                    ExitCode.Failure, $"An account of the import is there with another content ({other.Status}). Use another --name.");
            }

            opened += answer.Ok;
        }

        return opened;
    }

    public async Task<TransferStatus[]> PostAsync(ReadOnlyMemory<TransferRequest> transfers, CancellationToken cancellationToken)
    {
        TransferBatchRequest body = new() { Transfers = ToBodies(transfers.Span) };
        using HttpResponseMessage response = await SendAsync("v1/cards/transfers:batch", body, cancellationToken);
        TransferBatchResponse? answer =
            await response.Content.ReadFromJsonAsync<TransferBatchResponse>(StrictJson.Options, cancellationToken);
        if (answer?.Results.Count != transfers.Length)
        {
            throw new StartupException(ExitCode.Failure, "The server's answer holds another number of results than transfers were sent.");
        }

        return [.. answer.Results.Select(result => BySlug.TryGetValue(result.Status, out TransferStatus status)
            ? status
            : throw new StartupException(ExitCode.Failure, "The server's answer holds a status that this program doesn't know."))];
    }

    public void Dispose() => _client.Dispose();

    private static OpenAccountRequest ToBody(AccountRequest account) => new()
    {
        Id = Storage.Uuid.ToGuid(account.Id),
        Name = account.Name,
        Kind = account.Kind,
        Currency = account.Currency,
        Flags = AccountFlagNames.ToNames(account.Flags),
        OverdraftLimitMinor = account.OverdraftLimitMinor,
    };

    private static PostTransferRequest[] ToBodies(ReadOnlySpan<TransferRequest> transfers)
    {
        PostTransferRequest[] bodies = new PostTransferRequest[transfers.Length];
        for (int index = 0; index < bodies.Length; index++)
        {
            ref readonly TransferRequest transfer = ref transfers[index];
            bodies[index] = new PostTransferRequest
            {
                Id = Storage.Uuid.ToGuid(transfer.Id),
                DebitAccountId = Storage.Uuid.ToGuid(transfer.DebitAccountId),
                CreditAccountId = Storage.Uuid.ToGuid(transfer.CreditAccountId),
                AmountMinor = transfer.AmountMinor,
                Currency = transfer.Currency,
                Kind = transfer.Kind,
                Code = transfer.Code,
                Reference = transfer.Reference,
                OccurredAt = transfer.OccurredAt is { } at ? Instants.FromMicroseconds(at) : null,
                Linked = transfer.Linked,
            };
        }

        return bodies;
    }

    private async Task<HttpResponseMessage> SendAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                HttpResponseMessage response = await _client.PostAsJsonAsync(path, body, StrictJson.Options, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    wait = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                        && attempt < AttemptsMax
                        ? RetryAfter(response)
                        : throw await RefusedAsync(response, cancellationToken);
                }
            }
            catch (HttpRequestException exception) when (attempt < AttemptsMax && attempt > 1)
            {
                // The first attempt fails at once: an address where nothing listens is a slip, one that went away may come back.
                _ = exception;
                wait = TimeSpan.FromSeconds(1);
            }
            catch (HttpRequestException exception)
            {
                throw new StartupException(ExitCode.Failure, $"The server at {_client.BaseAddress} can't be reached.", exception);
            }

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private static TimeSpan RetryAfter(HttpResponseMessage response)
    {
        TimeSpan wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
        return wait < RetryMax ? wait : RetryMax;
    }

    private static async Task<StartupException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemBody? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            problem = await response.Content.ReadFromJsonAsync<ProblemBody>(cancellationToken);
        }

        string hint = response.StatusCode == HttpStatusCode.Unauthorized ? " Give a key with --key or ISKRA_API_KEY." : "";
        return new StartupException(
            ExitCode.Failure, $"The server refused the import with {(int)response.StatusCode} {problem?.Code}: {problem?.Title}.{hint}");
    }

    private sealed record ProblemBody(string? Code, string? Title);
}
