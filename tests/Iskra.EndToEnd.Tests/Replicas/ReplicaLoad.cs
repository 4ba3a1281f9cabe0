using Iskra.EndToEnd.Tests.Crash;

namespace Iskra.EndToEnd.Tests.Replicas;

/// <summary>
/// Clients of the load balancer that post until they are told to stop, and send a request again, as it was, until it is answered. Counts
/// how many requests needed that, and how many were given up.
/// </summary>
internal sealed class ReplicaLoad(HttpClient client, IReadOnlyList<Guid> accounts, Guid emptyAccount, int seed)
{
    private const int Attempts = 60;

    private readonly List<Operation> _acknowledged = [];
    private readonly Lock _gate = new();
    private volatile bool _isStopping;
    private int _answered;
    private int _givenUp;
    private int _repeated;

    public IReadOnlyList<Operation> Acknowledged => _acknowledged;

    public int Answered => _answered;

    public int GivenUp => _givenUp;

    public int Repeated => _repeated;

    public void Stop() => _isStopping = true;

    public async Task RunAsync(int clients)
    {
        Random random = new(seed);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RunClientAsync(random.Next())).ToArray());
    }

    /// <summary>Waits until this many more requests were answered.</summary>
    public async Task AnsweredAsync(int more)
    {
        int wanted = _answered + more;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (_answered < wanted)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task RunClientAsync(int clientSeed)
    {
        Workload workload = new(clientSeed, accounts, emptyAccount);
        while (!_isStopping)
        {
            Operation operation = workload.Next();
            if (!await SendAsync(operation))
            {
                Interlocked.Increment(ref _givenUp);
                continue;
            }

            Interlocked.Increment(ref _answered);
            workload.Acknowledged(operation);
            lock (_gate)
            {
                _acknowledged.Add(operation);
            }
        }
    }

    private async Task<bool> SendAsync(Operation operation)
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(250));
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await client.TryPostAsync(operation))
            {
                return true;
            }

            Interlocked.Increment(ref _repeated);
            await pause.WaitForNextTickAsync();
        }

        return false;
    }
}
