using System.Diagnostics;
using System.Threading.Channels;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Bench;

/// <summary>Sends transfers over keep-alive connections, by a schedule or as fast as the answers come.</summary>
internal sealed class HttpLoad
{
    private readonly HostProcess _host;
    private readonly Workload _workload;
    private readonly int _batch;
    private readonly int _connections;
    private readonly LatencyHistogram _latency = new();
    private long _done;
    private long _refused;

    public HttpLoad(HostProcess host, Workload workload, int batch, int connections)
    {
        _host = host;
        _workload = workload;
        _batch = batch;
        _connections = connections;
    }

    public long Done => Volatile.Read(ref _done);

    /// <param name="name">For the table.</param>
    /// <param name="rate">Transfers per second; 0 for as fast as the answers come.</param>
    /// <param name="duration">How long to send.</param>
    public async Task<LoadResult> RunAsync(string name, double rate, TimeSpan duration)
    {
        string load = Machine.Load();
        long resident = Machine.ResidentMib(_host.Process);
        TimeSpan cpu = _host.Process.TotalProcessorTime;
        Channel<long> arrivals = Channel.CreateUnbounded<long>();
        long from = Stopwatch.GetTimestamp();
        List<Task> tasks =
        [
            .. Enumerable.Range(0, _connections).Select(number => Task.Run(() => rate > 0
                ? FollowAsync(number, arrivals.Reader)
                : RepeatAsync(number, () => Stopwatch.GetElapsedTime(from) > duration))),
        ];
        if (rate > 0)
        {
            tasks.Add(Task.Factory.StartNew(
                () => Arrive(arrivals.Writer, rate, duration),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
        }

        await Task.WhenAll(tasks);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(from);
        long residentEnd = Machine.ResidentMib(_host.Process);
        return new LoadResult
        {
            Name = name,
            LoadBefore = load,
            Transfers = _done,
            Refused = _refused,
            Elapsed = elapsed,
            Latency = _latency,
            CpuMicroseconds = (_host.Process.TotalProcessorTime - cpu).TotalMicroseconds / Math.Max(1, _done),
            ResidentStartMib = resident,
            ResidentEndMib = residentEnd,
        };
    }

    private void Arrive(ChannelWriter<long> arrivals, double rate, TimeSpan duration)
    {
        using ManualResetEvent never = new(false);
        double ticksPerRequest = Stopwatch.Frequency * _batch / rate;
        long requests = (long)(duration.TotalSeconds * rate / _batch);
        long start = Stopwatch.GetTimestamp();
        long sent = 0;
        while (sent < requests)
        {
            long due = Math.Min(requests, (long)((Stopwatch.GetTimestamp() - start) / ticksPerRequest) + 1);
            for (; sent < due; sent++)
            {
                arrivals.TryWrite(start + (long)(sent * ticksPerRequest));
            }

            never.WaitOne(1);
        }

        arrivals.Complete();
    }

    private async Task FollowAsync(int number, ChannelReader<long> arrivals)
    {
        Workload workload = _workload.Fork(number);
        using TransferJson json = new();
        using HttpConnection connection = await ConnectAsync();
        await foreach (long intended in arrivals.ReadAllAsync())
        {
            await PostAsync(connection, json, workload.Next(_batch), intended);
        }
    }

    private async Task RepeatAsync(int number, Func<bool> isOver)
    {
        Workload workload = _workload.Fork(number);
        using TransferJson json = new();
        using HttpConnection connection = await ConnectAsync();
        while (!isOver())
        {
            await PostAsync(connection, json, workload.Next(_batch), Stopwatch.GetTimestamp());
        }
    }

    private async Task<HttpConnection> ConnectAsync()
    {
        HttpConnection connection = new(_host.Port, _batch == 1 ? "/v1/cards/transfers" : "/v1/cards/transfers:batch", _host.Key);
        await connection.ConnectAsync(_host.Port);
        return connection;
    }

    private async Task PostAsync(HttpConnection connection, TransferJson json, TransferRequest[] requests, long intended)
    {
        int status = await connection.PostAsync(_batch == 1 ? json.One(requests[0]) : json.Many(requests));
        int ok = _batch == 1 ? (status == 201 ? 1 : 0) : status == 200 ? TransferJson.CountOk(connection.Body.Span) : 0;
        Interlocked.Add(ref _done, ok);
        Interlocked.Add(ref _refused, requests.Length - ok);
        if (ok > 0)
        {
            _latency.Record((long)Stopwatch.GetElapsedTime(intended).TotalMicroseconds, ok);
        }
    }
}
