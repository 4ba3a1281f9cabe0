namespace Iskra.Platform.Jobs;

/// <summary>Lists of columns that several statements share.</summary>
internal static class JobColumns
{
    public const string History =
        "id, tenant_id, type, state, priority, ready_at, due_at, overrun, mode, attempt, failures, crashes, worker_id, created_at, "
        + "started_at, finished_at, error, result, idempotency_key, payload";

    /// <summary>A row of <c>jobs</c> as one of <c>jobs_history</c>, with the parameters State and Now.</summary>
    public const string HistoryFromJobs =
        "id, tenant_id, type, @State, priority, ready_at, due_at, overrun, mode, attempt, failures, crashes, worker_id, created_at, "
        + "started_at, @Now, error, null, idempotency_key, payload";
}
