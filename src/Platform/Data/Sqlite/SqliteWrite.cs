namespace Iskra.Platform.Data.Sqlite;

/// <summary>A caller's write: waits in the queue, then runs on the writer's thread, then completes when the group is durable.</summary>
internal abstract class SqliteWrite
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int Cancelled = 2;

    private int _state;

    /// <summary>False when the caller gave up first.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    /// <summary>Runs the caller's delegate to its end; throws what it throws.</summary>
    public abstract void Run(DbSession session);

    /// <summary>What the delegate asked to be told after the commit.</summary>
    public IReadOnlyList<Action> OnCommitted { get; set; } = [];

    public abstract void Complete();

    /// <summary>Does nothing when the caller has its answer already.</summary>
    public abstract void Fail(Exception exception);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}
