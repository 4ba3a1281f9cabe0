using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data.Sqlite;

/// <summary>Keeps the writer's thread inside one write until released, so that what is written meanwhile forms one group.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<HeldWriter> HoldAsync(Database database)
    {
        HeldWriter held = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = database.WriteInTestAsync(async session =>
        {
            entered.SetResult();
            await held._release.Task;
            return 0;
        });
        await entered.Task;
        return held;
    }

    public void Release() => _release.TrySetResult();

    public void Dispose() => Release();
}
