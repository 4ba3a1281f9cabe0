using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// This process's row among the workers. Its heartbeat is a counter: the others see that it changes and measure the time in between by
/// their own monotonic clocks, so no clock's jump ends a living lease or keeps a dead one.
/// </summary>
internal sealed class WorkerLease
{
    private readonly Database _database;
    private readonly JobClock _clock;
    private readonly JobRunner _runner;
    private readonly JobsOptions _options;
    private readonly ILogger<WorkerLease> _log;
    private long _renewedAt;
    private int _processes = 1;

    public WorkerLease(Database database, JobClock clock, JobRunner runner, IOptions<JobsOptions> options, ILogger<WorkerLease> log)
    {
        _database = database;
        _clock = clock;
        _runner = runner;
        _options = options.Value;
        _log = log;
    }

    /// <summary>The id under which jobs are claimed; a new one after a lease was lost. Empty: none is held.</summary>
    public Guid WorkerId { get; private set; }

    /// <summary>Whether jobs may be claimed: registered, and the last heartbeat is younger than the lease.</summary>
    public bool IsHeld => WorkerId != Guid.Empty && _clock.Time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < _options.Lease;

    /// <summary>Processes that run jobs, this one included.</summary>
    public int Processes => Volatile.Read(ref _processes);

    public static string ProcessName { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Registers when there is no row; else says that it lives. A row that is gone was taken by the others.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (WorkerId == Guid.Empty)
        {
            await RegisterAsync(cancellationToken);
            return;
        }

        // From before the statement: the others count from the commit at the earliest.
        long from = _clock.Time.GetTimestamp();
        int rows = await _database.WriteAsync(BeatAsync, cancellationToken);
        if (rows == 0)
        {
            Lose();
            await RegisterAsync(cancellationToken);
            return;
        }

        Volatile.Write(ref _renewedAt, from);
    }

    /// <summary>Cancels what runs when the lease has ended unrenewed: the others may have taken the jobs.</summary>
    public void Check()
    {
        if (WorkerId != Guid.Empty && !IsHeld)
        {
            Lose();
        }
    }

    /// <summary>Removes the row at the end of the process, when nothing runs any more.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        Guid id = WorkerId;
        WorkerId = Guid.Empty;
        return id == Guid.Empty
            ? Task.CompletedTask
            : _database.WriteAsync(
                session => session.ExecuteAsync("delete from jobs_workers where id = @id", new { id }), cancellationToken);
    }

    private void Lose()
    {
        _log.LeaseLost(WorkerId);
        WorkerId = Guid.Empty;
        _runner.StopAll(StopReason.LeaseLost);
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        Guid id = Guid.CreateVersion7();
        long from = _clock.Time.GetTimestamp();
        await _database.WriteAsync(
            async session =>
            {
                await AnchorAsync(session);
                await session.ExecuteAsync(
                    "insert into jobs_workers (id, name, beat, started_at, seen_at, running, capacity) "
                        + "values (@id, @ProcessName, 0, @Now, @Now, 0, 0)",
                    new { id, ProcessName, _clock.Now });
            },
            cancellationToken);
        Volatile.Write(ref _renewedAt, from);
        WorkerId = id;
        _log.WorkerStarted(id, ProcessName);
    }

    private async Task<int> BeatAsync(DbSession session)
    {
        await AnchorAsync(session);
        int rows = await session.ExecuteAsync(
            "update jobs_workers set beat = beat + 1, seen_at = @Now, running = @Count where id = @WorkerId",
            new { _clock.Now, _runner.Count, WorkerId });
        Volatile.Write(ref _processes, (int)await session.ScalarAsync<long>("select count(*) from jobs_workers"));
        return rows;
    }

    private async Task AnchorAsync(DbSession session)
    {
        if (session.Engine == DatabaseEngine.Postgres && _options.UsesDatabaseClock)
        {
            _clock.Anchor(await session.ScalarAsync<long>("select (extract(epoch from clock_timestamp()) * 1000000)::bigint"));
        }
    }
}
