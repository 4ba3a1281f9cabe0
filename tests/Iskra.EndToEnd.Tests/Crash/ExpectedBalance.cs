using System.Runtime.InteropServices;
using System.Text.Json;

namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>What an account must show after a set of transfers, added up the simple way.</summary>
internal readonly record struct ExpectedBalance(long DebitsPending, long DebitsPosted, long CreditsPending, long CreditsPosted)
{
    public static Dictionary<Guid, ExpectedBalance> Fold(IEnumerable<SentTransfer> transfers)
    {
        Dictionary<Guid, ExpectedBalance> balances = [];
        Dictionary<Guid, SentTransfer> pendings = [];
        foreach (SentTransfer transfer in transfers)
        {
            (long pending, long posted) = transfer.Kind switch
            {
                "post" => (0L, transfer.AmountMinor),
                "pending" => (transfer.AmountMinor, 0L),
                "postPending" => (-pendings[transfer.PendingId!.Value].AmountMinor, transfer.AmountMinor),
                _ => (-pendings[transfer.PendingId!.Value].AmountMinor, 0L),
            };
            pendings[transfer.Id] = transfer;
            ref ExpectedBalance debit = ref CollectionsMarshal.GetValueRefOrAddDefault(balances, transfer.DebitAccountId, out _);
            debit = debit with { DebitsPending = debit.DebitsPending + pending, DebitsPosted = debit.DebitsPosted + posted };
            ref ExpectedBalance credit = ref CollectionsMarshal.GetValueRefOrAddDefault(balances, transfer.CreditAccountId, out _);
            credit = credit with { CreditsPending = credit.CreditsPending + pending, CreditsPosted = credit.CreditsPosted + posted };
        }

        return balances;
    }

    public static ExpectedBalance From(JsonElement balance) => new(
        balance.GetProperty("debitsPendingMinor").GetInt64(),
        balance.GetProperty("debitsPostedMinor").GetInt64(),
        balance.GetProperty("creditsPendingMinor").GetInt64(),
        balance.GetProperty("creditsPostedMinor").GetInt64());
}
