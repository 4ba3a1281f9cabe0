using Iskra.Platform.Cluster;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Posting;

/// <summary>Says and finds where the ledger's one writer is reached. Thread-safe.</summary>
internal sealed class LedgerOwner(Database database, NodeAddress self, TimeProvider time)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromMilliseconds(500);

    private Known? _known;

    /// <summary>Tells the others that this process writes the ledger, once it knows its own address.</summary>
    public async Task PublishAsync(long epoch, CancellationToken cancellationToken)
    {
        if (database.Engine == DatabaseEngine.Sqlite)
        {
            return;
        }

        Uri url = await self.Known.WaitAsync(cancellationToken);

        // Whoever took over later has a higher epoch: a slow predecessor doesn't overwrite it.
        await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                insert into cards_owners (shard, epoch, url) values (0, @epoch, @url)
                on conflict (shard) do update set epoch = excluded.epoch, url = excluded.url where cards_owners.epoch <= excluded.epoch
                """,
                new { epoch, url = url.ToString() }),
            cancellationToken);
    }

    /// <summary>The other process that writes the ledger, as of half a second ago; null when it is this one, or none has said so.</summary>
    public async ValueTask<Uri?> FindOtherAsync(CancellationToken cancellationToken)
    {
        if (database.Engine == DatabaseEngine.Sqlite)
        {
            return null;
        }

        Known? known = Volatile.Read(ref _known);
        if (known is null || time.GetElapsedTime(known.At) > KnownFor)
        {
            string? url = await database.ReadAsync(
                session => session.ScalarAsync<string>("select url from cards_owners where shard = 0"), cancellationToken);
            known = new Known(url is null ? null : new Uri(url), time.GetTimestamp());
            Volatile.Write(ref _known, known);
        }

        return known.Url == self.Current ? null : known.Url;
    }

    private sealed record Known(Uri? Url, long At);
}
