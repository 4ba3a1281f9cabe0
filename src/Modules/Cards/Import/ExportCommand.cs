using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Import;

/// <summary><c>iskra cards export</c>: transfers as CSV in the journal's order; works beside a running server.</summary>
internal static class ExportCommand
{
    internal const string Header =
        "sequence,id,kind,debit_account_id,debit_account_name,credit_account_id,credit_account_name,amount,currency,"
        + "pending_id,code,reference,posted_at,occurred_at";

    private const int PageSize = 5_000;

    private static readonly Option<string> Out = new("--out") { Description = "The file to write; .gz compresses it.", Required = true };
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Posted at this instant or later." };
    private static readonly Option<DateTimeOffset?> To = new("--to") { Description = "Posted before this instant." };
    private static readonly Option<Guid?> Account = new("--account") { Description = "Transfers that debit or credit this account." };

    public static Command Create(ICommandHost host)
    {
        Command command = new("export", "Write transfers to a CSV file, oldest first.") { Out, From, To, Account, TenantOption.Tenant };
        command.WithExamples(
            "iskra cards export --out transfers.csv.gz",
            "iskra cards export --out march.csv --from 2026-03-01 --to 2026-04-01");
        command.SetAction((parsed, cancel) => host.RunAsync(
            parsed,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                Database database = services.GetRequiredService<Database>();
                TenantId tenant = await TenantOption.FindAsync(parsed, database, token);
                ExportFilter filter = new(tenant, parsed.GetValue(From), parsed.GetValue(To), parsed.GetValue(Account));
                long rows = await WriteFileAsync(database, parsed.GetValue(Out)!, filter, token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{rows:#,0} transfers written to {parsed.GetValue(Out)}"));
                return (int)ExitCode.Ok;
            },
            cancel));
        return command;
    }

    internal static async Task<long> WriteFileAsync(
        Database database, string path, ExportFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            await using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionLevel.Fastest)
                : file;
            await using StreamWriter writer = new(stream);
            return await WriteAsync(database, writer, filter, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCode.Failure, $"The file '{path}' can't be written ({exception.GetType().Name}).", exception);
        }
    }

    internal static async Task<long> WriteAsync(
        Database database, TextWriter writer, ExportFilter filter, CancellationToken cancellationToken)
    {
        await writer.WriteLineAsync(Header);
        long rows = 0;
        long after = 0;
        long? accountKey = null;
        if (filter.Account is { } id)
        {
            accountKey = await database.ReadAsync(
                session => session.ScalarAsync<long?>(
                    "select key from cards_accounts where tenant_id = @tenant and id = @id", new { tenant = filter.Tenant.Value, id }),
                cancellationToken)
                ?? throw new StartupException(ExitCode.Failure, "No account has that id.");
        }

        while (true)
        {
            // Pages of their own and not one long read: the journal only grows, so nothing is missed or seen twice.
            long from = after;
            IReadOnlyList<TransferRow> page = await database.ReadAsync(
                session => session.QueryAsync<TransferRow>(Sql(filter, accountKey), Parameters(filter, accountKey, from)),
                    cancellationToken);
            foreach (TransferRow row in page)
            {
                await writer.WriteLineAsync(Line(row));
            }

            rows += page.Count;
            if (page.Count < PageSize)
            {
                return rows;
            }

            after = page[^1].Sequence;
        }
    }

    private static string Sql(ExportFilter filter, long? accountKey) =>
        $"""
        {TransferRow.Select} where {TransferQueries.OfTenant(filter.Tenant)} and j.sequence > @after
        {(filter.From is null ? "" : "and j.posted_at >= @from")}
        {(filter.To is null ? "" : "and j.posted_at < @to")}
        {(accountKey is null ? "" : "and (j.debit_key = @accountKey or j.credit_key = @accountKey)")}
        order by j.sequence limit {PageSize.ToString(CultureInfo.InvariantCulture)}
        """;

    private static object Parameters(ExportFilter filter, long? accountKey, long after) => new
    {
        tenant = filter.Tenant.Value,
        after,
        from = filter.From is { } from ? Instants.ToMicroseconds(from) : (long?)null,
        to = filter.To is { } to ? Instants.ToMicroseconds(to) : (long?)null,
        accountKey,
    };

    private static string Line(TransferRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Sequence},{row.Id},{Kind(row.Kind)},{row.DebitId},{CsvText.Quote(row.DebitName)},"
        + $"{row.CreditId},{CsvText.Quote(row.CreditName)},"
        + $"{Amount(row.AmountMinor, row.Currency)},{row.Currency},{row.PendingId},{row.Code},{CsvText.Quote(row.Reference ?? "")},"
        + $"{Instant(row.PostedAt)},{(row.OccurredAt is { } at ? Instant(at) : "")}");

    private static string Kind(TransferKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Amount(long amountMinor, string currency)
    {
        int decimals = Currencies.DecimalsOf(currency);
        string digits = amountMinor.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static string Instant(long microseconds) =>
        Instants.FromMicroseconds(microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Which transfers an export takes.</summary>
internal sealed record ExportFilter(TenantId Tenant, DateTimeOffset? From, DateTimeOffset? To, Guid? Account);
