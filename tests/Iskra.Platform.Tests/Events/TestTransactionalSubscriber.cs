using System.Threading.Channels;
using Iskra.Platform.Data;
using Iskra.Platform.Events;

namespace Iskra.Platform.Tests.Events;

/// <summary>Writes what it gets into a table of its own, without any care for repeats, and fails when it is told to.</summary>
internal sealed class TestTransactionalSubscriber(string name = "test") : ITransactionalSubscriber
{
    private readonly Channel<int> _attempts = Channel.CreateUnbounded<int>();

    public string Name { get; } = name;

    public IReadOnlyList<string> Types { get; } = ["a"];

    public EventStart StartAt => EventStart.Beginning;

    public Func<int, bool> FailsOn { get; set; } = _ => false;

    public static Task CreateTableAsync(Database database) => database.WriteAsync(session => session.ExecuteAsync(
        session.Engine == DatabaseEngine.Postgres
            ? "create table effects (seq bigint generated always as identity primary key, n integer not null)"
            : "create table effects (seq integer primary key autoincrement, n integer not null)"));

    public async Task HandleAsync(DbSession session, IReadOnlyList<StoredEvent> batch)
    {
        foreach (int number in batch.Select(TestSubscriber.NumberOf))
        {
            await session.ExecuteAsync("insert into effects (n) values (@number)", new { number });
            if (FailsOn(number))
            {
                _attempts.Writer.TryWrite(number);
                throw new InvalidOperationException("told to fail");
            }
        }

        session.OnCommitted(() => _attempts.Writer.TryWrite(batch.Count));
    }

    /// <summary>The effects, once there are so many.</summary>
    public async Task<long[]> TakeAsync(Database database, int count)
    {
        while (true)
        {
            IReadOnlyList<long> effects = await database.ReadAsync(
                session => session.QueryAsync<long>("select n from effects order by seq"));
            if (effects.Count >= count)
            {
                return [.. effects];
            }

            await _attempts.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }
}
