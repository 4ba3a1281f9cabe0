using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Jobs;

/// <summary>
/// Tells dispatchers of committed jobs: this process's at once, the others' by NOTIFY. The notification is a statement of its own after
/// the commit, once for all that gathered meanwhile: inside the transaction it would make all commits of the server wait for each other.
/// </summary>
internal sealed class JobAnnouncer
{
    public const string Channel = "iskra_jobs";
    private const int PayloadLengthMax = 7_000;

    private readonly Database _database;
    private readonly JobSignal _signal;
    private readonly ILogger<JobAnnouncer> _log;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private bool _isSending;

    public JobAnnouncer(Database database, JobSignal signal, ILogger<JobAnnouncer> log)
    {
        _database = database;
        _signal = signal;
        _log = log;
    }

    /// <summary>Marks this process's notifications, so that it doesn't wake itself twice.</summary>
    public string Origin { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>Jobs of a type may start.</summary>
    public void Queued(string type)
    {
        _signal.Queued(type);
        Send("q:" + type);
    }

    /// <summary>A job may start at an instant to come; the other processes find it by themselves.</summary>
    public void Scheduled(long readyAt) => _signal.Scheduled(readyAt);

    /// <summary>A running job has to look at what a person or the deadline wants of it, or a queue was paused or resumed.</summary>
    public void Changed()
    {
        _signal.Poll();
        Send("c:");
    }

    private void Send(string word)
    {
        if (_database.Engine != DatabaseEngine.Postgres)
        {
            return;
        }

        lock (_gate)
        {
            _waiting.Add(word);
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = Task.Run(SendAsync);
    }

    private async Task SendAsync()
    {
        while (TakeText() is { } text)
        {
            try
            {
                await _database.ReadAsync(
                    session => session.ExecuteAsync("select pg_notify(@Channel, @text)", new { Channel, text }));
            }
            catch (Exception exception)
            {
                // The others find the jobs by their poll.
                _log.NotifyFailed(exception);
            }
        }
    }

    private string? TakeText()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isSending = false;
                return null;
            }

            string text = $"{Origin} {string.Join(' ', _waiting)}";
            _waiting.Clear();
            return text.Length <= PayloadLengthMax ? text : $"{Origin} c:";
        }
    }
}
