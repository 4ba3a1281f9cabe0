using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data;

/// <summary>The database's calls with the running test's token.</summary>
internal static class DatabaseTestExtensions
{
    public static Task<T> ReadInTestAsync<T>(this Database database, Func<DbSession, Task<T>> read) =>
        database.ReadAsync(read, TestContext.Current.CancellationToken);

    public static Task<T> WriteInTestAsync<T>(this Database database, Func<DbSession, Task<T>> write) =>
        database.WriteAsync(write, TestContext.Current.CancellationToken);

    public static Task<int> InsertAsync(this Database database, params Note[] notes) =>
        database.WriteInTestAsync(session => session.ExecuteAsync(Note.Insert, notes));

    public static Task<long> CountAsync(this Database database) =>
        database.ReadInTestAsync(session => session.ScalarAsync<long>("SELECT count(*) FROM notes"));
}
