using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Bench;

/// <summary>Writers of one tenant's audit trail, each entry in a durable transaction of its own.</summary>
internal static class AuditLoad
{
    private const int Entries = 12_800;
    private const int Writers = 32;

    public static async Task<string> RunAsync(
        string engine, IServiceProvider services, Database database, CancellationToken cancellationToken)
    {
        AuditLog audit = services.GetRequiredService<AuditLog>();
        double appended = await RateAsync(
            session => audit.AppendAsync(
                session,
                new AuditEntry(TenantId.Default, AuditEventKind.UserChanged)
                {
                    Target = "row",
                    Details = new Dictionary<string, string> { ["name"] = "a name", ["address"] = "203.0.113.7" },
                }),
            database,
            cancellationToken);
        long started = Stopwatch.GetTimestamp();
        int linked = await services.GetRequiredService<AuditLinker>().LinkAsync(cancellationToken);
        TimeSpan linking = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        AuditVerification verified = await services.GetRequiredService<AuditVerifier>()
            .VerifyAsync(TenantId.Default, null, null, cancellationToken);
        TimeSpan verifying = Stopwatch.GetElapsedTime(started);
        if (verified.Fault is not null || verified.Entries != linked || linked != Entries)
        {
            throw new InvalidOperationException("The trail that was just written isn't whole.");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | audit trail, {engine}, durable | entries/s |
            |---|--:|
            | append, {Writers} writers, each entry its own transaction | {appended:0} |
            | link into the chain | {linked / linking.TotalSeconds:0} |
            | verify | {linked / verifying.TotalSeconds:0} |

            """);
    }

    /// <summary>The same load if each writer locked the tenant's head row, read it and linked its entry itself.</summary>
    public static async Task<string> LockedAsync(Database database, CancellationToken cancellationToken)
    {
        double rate = await RateAsync(
            async session =>
            {
                long sequence = await session.ScalarAsync<long>("select sequence from audit_heads where tenant_id = 1 for update");
                await session.ExecuteAsync(
                    """
                    insert into audit_entries (tenant_id, sequence, id, occurred_at, kind, actor_kind, actor, details, hash)
                    values (1, @next, @id, 0, 0, 0, 'bench', @details, @hash)
                    """,
                    new { next = sequence + 1, id = Guid.CreateVersion7(), details = new byte[100], hash = new byte[32] });
                await session.ExecuteAsync(
                    "update audit_heads set sequence = @next, hash = @hash where tenant_id = 1",
                    new { next = sequence + 1, hash = new byte[32] });
            },
            database,
            cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"| not taken: each writer locks the head row | {rate:0} |");
    }

    private static async Task<double> RateAsync(Func<DbSession, Task> write, Database database, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(
            async () =>
            {
                for (int i = 0; i < Entries / Writers; i++)
                {
                    await database.WriteAsync(write, cancellationToken);
                }
            },
            cancellationToken)));
        return Entries / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
