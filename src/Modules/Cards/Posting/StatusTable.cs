using System.Collections.Frozen;
using System.Text;
using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Posting;

/// <summary>The one table from a transfer's status to its slug, HTTP status, sentence and the field at fault.</summary>
internal static class StatusTable
{
    private static readonly FrozenDictionary<TransferStatus, Row> Rows = Build();

    public static IReadOnlyCollection<TransferStatus> Known => Rows.Keys;

    /// <summary>The status on the wire: <c>exceeds-credits</c>.</summary>
    public static string SlugOf(TransferStatus status) => Rows[status].Slug;

    public static Row RowOf(TransferStatus status) => Rows[status];

    /// <summary>Turns <c>ExceedsCredits</c> into <c>exceeds-credits</c>.</summary>
    public static string ToSlug(string name)
    {
        StringBuilder slug = new(name.Length + 8);
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && slug.Length > 0)
            {
                slug.Append('-');
            }

            slug.Append(char.ToLowerInvariant(letter));
        }

        return slug.ToString();
    }

    private static FrozenDictionary<TransferStatus, Row> Build()
    {
        Dictionary<TransferStatus, Row> rows = [];
        AddForm(rows);
        AddExists(rows);
        AddState(rows);
        return rows.ToFrozenDictionary();
    }

    private static void Add(Dictionary<TransferStatus, Row> rows, TransferStatus status, int http, string? field, string title) =>
        rows.Add(status, new Row(ToSlug(status.ToString()), http, field, title));

    private static void AddForm(Dictionary<TransferStatus, Row> rows)
    {
        Add(rows, TransferStatus.Ok, 201, null, "Posted");
        Add(rows, TransferStatus.LinkedTransferFailed, 422, null, "Another transfer of the linked chain was refused");
        Add(rows, TransferStatus.LinkedChainOpen, 422, "linked", "The last transfer of the request is marked as linked");
        Add(rows, TransferStatus.IdMustNotBeZero, 400, "id", "The id is all zeros");
        Add(rows, TransferStatus.AmountMustBePositive, 400, "amountMinor", "The amount must be at least 1");
        Add(rows, TransferStatus.AmountTooLarge, 400, "amountMinor", "The amount is above 9007199254740991");
        Add(rows, TransferStatus.CodeOutOfRange, 400, "code", "The code must be from 0 to 65535");
        Add(rows, TransferStatus.ReferenceInvalid, 400, "reference", "The reference must be 1 to 64 plain characters");
        Add(rows, TransferStatus.TimeoutOutOfRange, 400, "timeoutSeconds", "The time-out must be from 0 to 31622400 seconds");
        Add(rows, TransferStatus.PendingIdRequired, 400, "pendingId", "The pending transfer's id is required");
        Add(rows, TransferStatus.PendingIdMustBeAbsent, 400, "pendingId", "Only postPending and voidPending take a pending id");
        Add(rows, TransferStatus.TimeoutReservedForPending, 400, "timeoutSeconds", "Only a pending transfer takes a time-out");
        Add(rows, TransferStatus.DebitAccountRequired, 400, "debitAccountId", "The debit account is required");
        Add(rows, TransferStatus.CreditAccountRequired, 400, "creditAccountId", "The credit account is required");
        Add(rows, TransferStatus.AccountsMustBeDifferent, 400, "creditAccountId", "Debit and credit account are the same");
    }

    private static void AddExists(Dictionary<TransferStatus, Row> rows)
    {
        Add(rows, TransferStatus.Exists, 200, null, "Was posted before");
        Add(rows, TransferStatus.ExistsWithDifferentKind, 409, "kind", "The id was used with another kind");
        Add(rows, TransferStatus.ExistsWithDifferentPendingId, 409, "pendingId", "The id was used with another pending transfer");
        Add(rows, TransferStatus.ExistsWithDifferentTimeout, 409, "timeoutSeconds", "The id was used with another time-out");
        Add(rows, TransferStatus.ExistsWithDifferentDebitAccount, 409, "debitAccountId", "The id was used with another debit account");
        Add(rows, TransferStatus.ExistsWithDifferentCreditAccount, 409, "creditAccountId", "The id was used with another credit account");
        Add(rows, TransferStatus.ExistsWithDifferentAmount, 409, "amountMinor", "The id was used with another amount");
        Add(rows, TransferStatus.ExistsWithDifferentCurrency, 409, "currency", "The id was used with another currency");
        Add(rows, TransferStatus.ExistsWithDifferentCode, 409, "code", "The id was used with another code");
        Add(rows, TransferStatus.ExistsWithDifferentReference, 409, "reference", "The id was used with another reference");
        Add(rows, TransferStatus.ExistsWithDifferentOccurredAt, 409, "occurredAt", "The id was used with another time of occurrence");
    }

    private static void AddState(Dictionary<TransferStatus, Row> rows)
    {
        Add(rows, TransferStatus.PendingTransferNotFound, 404, "pendingId", "No pending transfer has that id");
        Add(rows, TransferStatus.PendingTransferNotPending, 409, "pendingId", "The transfer with that id is not a pending one");
        Add(rows, TransferStatus.PendingTransferHasDifferentDebitAccount, 409, "debitAccountId",
            "The pending transfer has another debit account");
        Add(rows, TransferStatus.PendingTransferHasDifferentCreditAccount, 409, "creditAccountId",
            "The pending transfer has another credit account");
        Add(rows, TransferStatus.PendingTransferAlreadyPosted, 409, "pendingId", "The pending transfer was posted before");
        Add(rows, TransferStatus.PendingTransferAlreadyVoided, 409, "pendingId", "The pending transfer was voided before");
        Add(rows, TransferStatus.PendingTransferExpired, 409, "pendingId", "The pending transfer's time is over");
        Add(rows, TransferStatus.ExceedsPendingAmount, 422, "amountMinor", "The amount is above the pending one");
        Add(rows, TransferStatus.VoidAmountMustMatch, 422, "amountMinor", "A void releases the whole amount");
        Add(rows, TransferStatus.DebitAccountNotFound, 404, "debitAccountId", "No account has the debit id");
        Add(rows, TransferStatus.CreditAccountNotFound, 404, "creditAccountId", "No account has the credit id");
        Add(rows, TransferStatus.AccountsMustHaveSameCurrency, 422, "creditAccountId", "The accounts hold different currencies");
        Add(rows, TransferStatus.CurrencyMustMatchAccounts, 422, "currency", "The accounts hold another currency");
        Add(rows, TransferStatus.DebitAccountFrozen, 422, "debitAccountId", "The debit account is frozen");
        Add(rows, TransferStatus.CreditAccountFrozen, 422, "creditAccountId", "The credit account is frozen");
        Add(rows, TransferStatus.OverflowsBalance, 422, "amountMinor", "A balance would pass 9007199254740991");
        Add(rows, TransferStatus.ExceedsCredits, 422, "amountMinor", "The debit account's funds don't cover it");
        Add(rows, TransferStatus.ExceedsDebits, 422, "amountMinor", "The credit account's funds don't cover it");
    }

    /// <param name="Slug">On the wire.</param>
    /// <param name="Http">The status code of a single request.</param>
    /// <param name="Field">The request's field at fault.</param>
    /// <param name="Title">One sentence.</param>
    internal sealed record Row(string Slug, int Http, string? Field, string Title);
}
