using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Hears of jobs that other processes enqueued: one connection with LISTEN, opened again when it breaks.</summary>
internal sealed class PostgresJobListener
{
    // A connection that broke silently is found when nothing was heard for so long.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);

    private readonly Database _database;
    private readonly JobAnnouncer _announcer;
    private readonly JobSignal _signal;
    private readonly JobsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresJobListener> _log;

    public PostgresJobListener(
        Database database,
        JobAnnouncer announcer,
        JobSignal signal,
        IOptions<JobsOptions> options,
        TimeProvider time,
        ILogger<PostgresJobListener> log)
    {
        _database = database;
        _announcer = announcer;
        _signal = signal;
        _options = options.Value;
        _time = time;
        _log = log;
    }

    /// <summary>Whether notifications arrive at present.</summary>
    public bool IsListening { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_database.Engine == DatabaseEngine.Postgres)
        {
            Backoff backoff = new("Listening for jobs", _options, _time, _log);
            await backoff.RepeatAsync(TimeSpan.Zero, ListenAsync, cancellationToken);
        }
    }

    private Task ListenAsync(CancellationToken cancellationToken) =>
        // A read that lasts: the pool's connection is ours until it breaks or the process ends.
        _database.ReadAsync(
            async session =>
            {
                NpgsqlConnection connection = (NpgsqlConnection)session.Connection;
                connection.Notification += (_, notification) => Hear(notification.Payload);
                await session.ExecuteAsync($"listen {JobAnnouncer.Channel}");
                IsListening = true;
                // What came while nobody listened.
                _signal.Poll();
                try
                {
                    while (true)
                    {
                        if (!await connection.WaitAsync(ProbeInterval, cancellationToken))
                        {
                            await session.ExecuteAsync("select 1");
                        }
                    }
                }
                finally
                {
                    IsListening = false;
                }

#pragma warning disable CS0162 // The loop above ends by an exception only; the delegate's type wants a value.
                return 0;
#pragma warning restore CS0162
            },
            cancellationToken);

    private void Hear(string payload)
    {
        string[] words = payload.Split(' ');
        if (words[0] == _announcer.Origin)
        {
            return;
        }

        foreach (string word in words.Skip(1))
        {
            if (word.StartsWith("q:", StringComparison.Ordinal))
            {
                _signal.Queued(word[2..]);
            }
            else
            {
                _signal.Poll();
            }
        }
    }
}
