using System.Globalization;
using Iskra.Platform.Data;

namespace Iskra.Platform.Jobs.Storage;

/// <summary>The history's partitions, one for each day (UTC) of the jobs' end: made ahead, dropped whole.</summary>
internal static class PostgresHistory
{
    // "jobs" in ASCII; one process at a time changes partitions.
    private const long AdvisoryLock = 0x6a6f6273;
    private const string Prefix = "jobs_history_d";
    private const int DaysAhead = 3;

    /// <summary>Makes the partitions of today and the days to come.</summary>
    public static async Task PrepareAsync(DbSession session, long now)
    {
        if (!await LockAsync(session))
        {
            return;
        }

        IReadOnlyList<string> known = await PartitionsAsync(session);
        DateOnly today = DateOnly.FromDateTime(Instants.FromMicroseconds(now).UtcDateTime);
        for (int i = 0; i <= DaysAhead; i++)
        {
            DateOnly day = today.AddDays(i);
            if (!known.Contains(NameOf(day)))
            {
                await CreateAsync(session, day);
            }
        }
    }

    /// <summary>Drops the days that ended before an instant, and deletes what has strayed into the default partition.</summary>
    public static async Task<int> DropAsync(DbSession session, long before, int limit)
    {
        if (!await LockAsync(session))
        {
            return 0;
        }

        foreach (string name in await PartitionsAsync(session))
        {
            if (DayOf(name) is { } day && MicrosecondsOf(day.AddDays(1)) <= before)
            {
                await session.ExecuteAsync($"drop table {name}");
            }
        }

        return await session.ExecuteAsync(
            """
            delete from jobs_history_default where ctid = any (array (
                select ctid from jobs_history_default where finished_at < @before limit @limit))
            """,
            new { before, limit });
    }

    private static async Task<bool> LockAsync(DbSession session)
    {
        // Somebody who reads the history for long must not make everybody wait behind us; the next round comes.
        await session.ExecuteAsync("set local lock_timeout = '2s'");
        return await session.ScalarAsync<bool>($"select pg_try_advisory_xact_lock({AdvisoryLock})");
    }

    private static Task<IReadOnlyList<string>> PartitionsAsync(DbSession session) =>
        session.QueryAsync<string>(
            "select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'jobs_history'::regclass");

    // Attached rather than created in place: that would lock the history against reading and writing.
    private static async Task CreateAsync(DbSession session, DateOnly day)
    {
        string name = NameOf(day);
        string range = string.Create(
            CultureInfo.InvariantCulture, $"finished_at >= {MicrosecondsOf(day)} and finished_at < {MicrosecondsOf(day.AddDays(1))}");
        string bounds = string.Create(
            CultureInfo.InvariantCulture, $"from ({MicrosecondsOf(day)}) to ({MicrosecondsOf(day.AddDays(1))})");
        await session.ExecuteAsync($"create table {name} (like jobs_history including all)");
        await session.ExecuteAsync(
            $"with strayed as (delete from jobs_history_default where {range} returning *) insert into {name} select * from strayed");
        await session.ExecuteAsync($"alter table jobs_history attach partition {name} for values {bounds}");
    }

    private static string NameOf(DateOnly day) => Prefix + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && DateOnly.TryParseExact(
            name.AsSpan(Prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : null;

    private static long MicrosecondsOf(DateOnly day) =>
        Instants.ToMicroseconds(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
}
