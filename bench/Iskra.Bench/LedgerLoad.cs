using System.Diagnostics;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Tenancy;

namespace Iskra.Bench;

/// <summary>Sends transfers to the pipeline by a schedule (open loop), or as fast as the answers come (closed loop).</summary>
internal sealed class LedgerLoad
{
    private readonly PostingPipeline _pipeline;
    private readonly Workload _workload;
    private readonly int _batch;
    private readonly LatencyHistogram _latency = new();
    private long _done;
    private long _refused;
    private long _pending;

    public LedgerLoad(PostingPipeline pipeline, Workload workload, int batch)
    {
        _pipeline = pipeline;
        _workload = workload;
        _batch = batch;
    }

    /// <summary>Transfers acknowledged so far.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>
    /// Each request has its instant, whatever became of those before it, and its latency counts from that instant: a stall delays all
    /// that were due in it (no coordinated omission).
    /// </summary>
    public Task<LoadResult> OpenLoopAsync(string name, double rate, TimeSpan duration) =>
        MeasureAsync(name, () => RunOpenAsync(rate, duration));

    /// <summary>A number of callers, each with one request under way.</summary>
    public Task<LoadResult> ClosedLoopAsync(string name, int callers, Func<bool> isOver) => MeasureAsync(
        name,
        () => Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(_workload.Fork(caller), isOver)))));

    private async Task<LoadResult> MeasureAsync(string name, Func<Task> run)
    {
        using Process process = Process.GetCurrentProcess();
        using CommitCounter commits = new();
        string load = Machine.Load();
        long resident = Machine.ResidentMib(process);
        TimeSpan cpu = process.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes();
        long from = Stopwatch.GetTimestamp();
        await run();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(from);
        process.Refresh();
        return new LoadResult
        {
            Name = name,
            LoadBefore = load,
            Transfers = _done,
            Refused = _refused,
            Elapsed = elapsed,
            Latency = _latency,
            Commits = commits.Commits,
            CpuMicroseconds = (process.TotalProcessorTime - cpu).TotalMicroseconds / Math.Max(1, _done),
            AllocatedBytes = (GC.GetTotalAllocatedBytes() - allocated) / (double)Math.Max(1, _done),
            ResidentStartMib = resident,
            ResidentEndMib = Machine.ResidentMib(process),
        };
    }

    private async Task RunOpenAsync(double rate, TimeSpan duration)
    {
        // A thread of its own: on the pool, the answers would delay the questions.
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            Send(rate, duration);
            sent.SetResult();
        })
        {
            IsBackground = true,
            Name = "bench arrivals",
        };
        thread.Start();
        await sent.Task;
        while (Volatile.Read(ref _pending) > 0)
        {
            await Task.Delay(1);
        }
    }

    private void Send(double rate, TimeSpan duration)
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
                long intended = start + (long)(sent * ticksPerRequest);
                Interlocked.Increment(ref _pending);
                _ = PostAsync(_workload.Next(_batch), intended);
            }

            never.WaitOne(1);
        }
    }

    private async Task PostAsync(TransferRequest[] requests, long intended)
    {
        Count(await _pipeline.PostAsync(TenantId.Default, requests), requests.Length, intended);
        Interlocked.Decrement(ref _pending);
    }

    private async Task CallAsync(Workload workload, Func<bool> isOver)
    {
        while (!isOver())
        {
            TransferRequest[] requests = workload.Next(_batch);
            long from = Stopwatch.GetTimestamp();
            Count(await _pipeline.PostAsync(TenantId.Default, requests), requests.Length, from);
        }
    }

    private void Count(PostingResult result, int transfers, long intended)
    {
        int ok = result.Outcome == PostingOutcome.Done ? result.Statuses.AsSpan().Count(TransferStatus.Ok) : 0;
        Interlocked.Add(ref _done, ok);
        if (ok < transfers)
        {
            Interlocked.Add(ref _refused, transfers - ok);
        }

        if (ok > 0)
        {
            _latency.Record((long)Stopwatch.GetElapsedTime(intended).TotalMicroseconds, ok);
        }
    }
}
