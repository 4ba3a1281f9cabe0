using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Jobs.Api;

/// <summary>Jobs of a running server.</summary>
internal sealed class HttpJobControl : IJobControl, IDisposable
{
    private readonly HttpClient _client;

    private HttpJobControl(HttpClient client) => _client = client;

    public static HttpJobControl Create(string server, string? key)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? address) || (address.Scheme != "http" && address.Scheme != "https"))
        {
            throw new StartupException(ExitCode.Usage, "--url must be an address such as http://localhost:5080.");
        }

        HttpClient client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (!string.IsNullOrEmpty(key))
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return new HttpJobControl(client);
    }

    public async Task<IReadOnlyList<JobQueueItem>> QueuesAsync(CancellationToken cancellationToken) =>
        (await ReadAsync<JobQueueList>(HttpMethod.Get, "v1/jobs/queues", cancellationToken))!.Items;

    public async Task<IReadOnlyList<JobItem>> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"v1/jobs?limit={filter.Limit}");
        query += filter.Type is null ? "" : $"&type={Uri.EscapeDataString(filter.Type)}";
        query += filter.States.Count == 0 ? "" : $"&state={string.Join(',', filter.States.Select(JobItem.NameOf))}";
        return (await ReadAsync<Page<JobItem>>(HttpMethod.Get, query, cancellationToken))!.Items;
    }

    public Task<JobItem?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<JobItem>(HttpMethod.Get, $"v1/jobs/{id}", cancellationToken);

    public Task<JobCommandStatus> RetryAsync(Guid id, CancellationToken cancellationToken) =>
        CommandAsync($"v1/jobs/{id}:retry", cancellationToken);

    public async Task<int> RetryAllAsync(string type, CancellationToken cancellationToken)
    {
        int all = 0;
        RetriedJobs some;
        do
        {
            string path = $"v1/jobs/queues/{Uri.EscapeDataString(type)}:retry";
            some = (await ReadAsync<RetriedJobs>(HttpMethod.Post, path, cancellationToken))!;
            all += some.Retried;
        }
        while (some.HasMore);
        return all;
    }

    public Task<JobCommandStatus> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        CommandAsync($"v1/jobs/{id}:cancel", cancellationToken);

    public Task PauseAsync(string type, CancellationToken cancellationToken) =>
        CommandAsync($"v1/jobs/queues/{Uri.EscapeDataString(type)}:pause", cancellationToken);

    public Task ResumeAsync(string type, CancellationToken cancellationToken) =>
        CommandAsync($"v1/jobs/queues/{Uri.EscapeDataString(type)}:resume", cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<JobCommandStatus> CommandAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => JobCommandStatus.NotFound,
            HttpStatusCode.Conflict => JobCommandStatus.WrongState,
            HttpStatusCode.Accepted => JobCommandStatus.Requested,
            _ => JobCommandStatus.Done,
        };
    }

    /// <summary>Null when there is no such thing.</summary>
    private async Task<T?> ReadAsync<T>(HttpMethod method, string path, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await SendAsync(method, path, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await response.Content.ReadFromJsonAsync<T>(StrictJson.Options, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new StartupException(
                ExitCode.Failure,
                $"The server at {_client.BaseAddress} doesn't answer: {exception.Message.ReplaceLineEndings(" ")}",
                exception);
        }

        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return response;
        }

        using (response)
        {
            throw new StartupException(ExitCode.Failure, response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => "The server wants an API key: set ISKRA_API_KEY.",
                HttpStatusCode.Forbidden => "The API key lacks the scope: jobs:read to look, jobs:write to change, system to pause.",
                _ => string.Create(CultureInfo.InvariantCulture, $"The server answered {(int)response.StatusCode}."),
            });
        }
    }
}
