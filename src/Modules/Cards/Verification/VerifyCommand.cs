using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Verification;

/// <summary><c>iskra cards verify</c>: reads only, and works beside a running server.</summary>
internal static class VerifyCommand
{
    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON." };

    public static Command Create(ICommandHost host)
    {
        Command command = new(
            "verify", "Replay the journal of all tenants and compare it with every stored balance, reservation and hash. "
            + $"Exit code {(int)ExitCode.VerificationFailed} when something differs.")
        {
            Json,
        };
        command.WithExamples("iskra cards verify", "iskra cards verify --json");
        command.SetAction((parsed, cancel) => host.RunAsync(
            parsed,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                VerificationReport report = await LedgerVerifier.RunAsync(
                    services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>(), null, token);
                string text = parsed.GetValue(Json) ? ToJson(report) : ToText(report);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
                return (int)(report.IsGood ? ExitCode.Ok : ExitCode.VerificationFailed);
            },
            cancel));
        return command;
    }

    internal static string ToText(VerificationReport report)
    {
        List<string> lines =
        [
            Line($"Journal entries   {report.Entries,14:#,0}  sequence, links, amounts, limits after each"),
            Line($"Hash chain        {report.Blocks,14:#,0}  blocks"),
            Line($"Accounts          {report.Accounts,14:#,0}  stored balances against the replay"),
            Line($"Pending transfers {report.Pendings,14:#,0}  of them open: {report.OpenPendings:#,0}"),
        ];
        foreach ((string tenant, string currency, CurrencyTotals totals) in Sums(report))
        {
            string pending = Line($"{totals.DebitsPending}/{totals.CreditsPending}");
            lines.Add(Line(
                $"{tenant} {currency} debits {totals.DebitsPosted}, credits {totals.CreditsPosted}, pending {pending} (minor units)"));
        }

        lines.Add(Line($"Time              {report.Elapsed.TotalSeconds,14:0.0}  s"));
        lines.AddRange(report.Differences.Select(difference => "DIFFERENT  " + difference));
        if (report.DifferenceCount > report.Differences.Count)
        {
            lines.Add(Line($"… and {report.DifferenceCount - report.Differences.Count:#,0} more."));
        }

        lines.Add(
            report.IsGood ? "The ledger is consistent." : Line($"The ledger is NOT consistent: {report.DifferenceCount:#,0} differences."));
        return string.Join(Environment.NewLine, lines);
    }

    internal static string ToJson(VerificationReport report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteBoolean("consistent", report.IsGood);
            json.WriteNumber("entries", report.Entries);
            json.WriteNumber("blocks", report.Blocks);
            json.WriteNumber("accounts", report.Accounts);
            json.WriteNumber("pendingTransfers", report.Pendings);
            json.WriteNumber("openPendingTransfers", report.OpenPendings);
            json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
            json.WriteStartArray("currencies");
            foreach ((string tenant, string currency, CurrencyTotals totals) in Sums(report))
            {
                json.WriteStartObject();
                json.WriteString("tenant", tenant);
                json.WriteString("currency", currency);

                // As text: sums over all accounts may go beyond what a JSON number holds exactly.
                json.WriteString("debitsPostedMinor", totals.DebitsPosted.ToString(CultureInfo.InvariantCulture));
                json.WriteString("creditsPostedMinor", totals.CreditsPosted.ToString(CultureInfo.InvariantCulture));
                json.WriteString("debitsPendingMinor", totals.DebitsPending.ToString(CultureInfo.InvariantCulture));
                json.WriteString("creditsPendingMinor", totals.CreditsPending.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("differenceCount", report.DifferenceCount);
            json.WriteStartArray("differences");
            foreach (string difference in report.Differences)
            {
                json.WriteStringValue(difference);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static IEnumerable<(string Tenant, string Currency, CurrencyTotals Totals)> Sums(VerificationReport report) =>
        from tenant in report.Tenants
        from currency in tenant.Value
        select (
            report.Slugs.GetValueOrDefault(tenant.Key) ?? tenant.Key.ToString(CultureInfo.InvariantCulture), currency.Key, currency.Value);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
