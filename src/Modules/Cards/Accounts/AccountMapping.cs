using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>From the wire to the ledger. Every fault is reported at once.</summary>
internal static class AccountMapping
{
    public const int NameLengthMax = 200;

    /// <summary>What it returns is good only when it adds no error.</summary>
    public static AccountRequest ToLedger(OpenAccountRequest body, string path, ref List<ProblemError>? errors)
    {
        AccountFlags flags = AccountFlags.None;
        if (body.Id == Guid.Empty)
        {
            (errors ??= []).Add(new ProblemError(path + ".id", "must not be all zeros"));
        }

        string name = body.Name.Trim();
        if (name.Length is 0 or > NameLengthMax || name.Any(char.IsControl))
        {
            (errors ??= []).Add(
                new ProblemError(path + ".name", $"must be 1 to {NameLengthMax} characters without control characters"));
        }

        if (Scrubber.HoldsCredential(name))
        {
            (errors ??= []).Add(new ProblemError(path + ".name", "must not hold a card number, a key or a token"));
        }

        if (!Currencies.TryGet(body.Currency, out string? currency))
        {
            (errors ??= []).Add(new ProblemError(path + ".currency", "must be an ISO 4217 code such as RUB, three capital letters"));
        }

        if (body.OverdraftLimitMinor is < 0 or > LedgerLimits.AmountMinorMax)
        {
            (errors ??= []).Add(
                new ProblemError(path + ".overdraftLimitMinor", $"must be from 0 to {LedgerLimits.AmountMinorMax}"));
        }

        IReadOnlyList<string> names = body.Flags ?? [];
        for (int index = 0; index < names.Count; index++)
        {
            if (!AccountFlagNames.TryParse(names[index], out AccountFlags flag))
            {
                (errors ??= []).Add(new ProblemError($"{path}.flags[{index}]", $"must be one of {AccountFlagNames.Known}"));
            }

            flags |= flag;
        }

        return new AccountRequest(
            Storage.Uuid.ToUInt128(body.Id), name, body.Kind, currency ?? "", flags, body.OverdraftLimitMinor);
    }
}
