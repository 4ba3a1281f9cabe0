using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Posting;

/// <summary>Problem details for what the ledger refuses.</summary>
internal static class PostingProblems
{
    private static readonly Dictionary<TransferStatus, ProblemResult> ByStatus = StatusTable.Known
        .Where(status => StatusTable.RowOf(status).Http >= 400)
        .ToDictionary(status => status, Create);

    public static ProblemResult AccountNotFound { get; } = Problems.Create(404, "account-not-found", "No account has that id");

    public static ProblemResult TransferNotFound { get; } = Problems.Create(404, "transfer-not-found", "No transfer has that id");

    public static ProblemResult For(TransferStatus status) => ByStatus[status];

    public static ProblemResult For(PostingResult refused) => refused.Outcome == PostingOutcome.QueueFull
        ? Problems.Busy("The posting queue is full; send the same request again later.", refused.RetryAfter)
        : Problems.Create(
            503,
            "ledger-unavailable",
            "The ledger is not taking transfers now",
            "Send the same request with the same ids again: what was written before answers 'exists'.",
            retryAfter: refused.RetryAfter);

    public static ProblemResult For(AccountStatus status) => AccountExistsWithDifferent(status switch
    {
        AccountStatus.ExistsWithDifferentKind => "kind",
        AccountStatus.ExistsWithDifferentCurrency => "currency",
        AccountStatus.ExistsWithDifferentFlags => "flags",
        _ => "overdraftLimitMinor",
    });

    public static ProblemResult AccountExistsWithDifferent(string field) => Problems.Create(
        409,
        "account-exists-with-different-" + StatusTable.ToSlug(field).ToLowerInvariant(),
        "The id was used for another account",
        errors: [new ProblemError("$." + field, "differs from the account that has this id")]);

    private static ProblemResult Create(TransferStatus status)
    {
        StatusTable.Row row = StatusTable.RowOf(status);
        return Problems.Create(
            row.Http, row.Slug, row.Title, errors: row.Field is null ? null : [new ProblemError("$." + row.Field, row.Title)]);
    }
}
