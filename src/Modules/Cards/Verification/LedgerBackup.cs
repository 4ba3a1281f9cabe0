using System.Globalization;
using Iskra.Platform.Backup;
using Iskra.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Verification;

/// <summary>What a backup must know of Cards: the journal's head, the card keys' file, and how a restored ledger is verified.</summary>
internal static class LedgerBackup
{
    public static IServiceCollection AddCardsBackup(this IServiceCollection services) => services
        .AddSingleton(new BackupHead("cards.journal", "cards_ledger", "select last_sequence from cards_ledger where shard = 0"))
        .AddSingleton(BackupPath.Include("keys/cards.json"))
        .AddSingleton(provider => new Iskra.Platform.Backup.Verification(
            "cards.ledger",
            (database, cancellationToken) => VerifyAsync(database, provider.GetRequiredService<TimeProvider>(), cancellationToken)));

    private static async Task<VerificationOutcome> VerifyAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        VerificationReport report = await LedgerVerifier.RunAsync(database, time, null, cancellationToken);
        return new VerificationOutcome(
            report.IsGood,
            string.Create(CultureInfo.InvariantCulture, $"{report.Entries:#,0} journal entries, {report.Accounts:#,0} accounts"),
            report.Differences);
    }
}
