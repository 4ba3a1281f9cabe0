using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// The ledger's writer for the length of a command: started, waited for, and stopped so that the next start has nothing to replay.
/// </summary>
internal sealed class LedgerRun : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly PostingPipeline _pipeline;
    private readonly bool _startedHere;

    private LedgerRun(PostingPipeline pipeline, bool startedHere)
    {
        _pipeline = pipeline;
        _startedHere = startedHere;
    }

    /// <exception cref="StartupException">Another process writes the ledger.</exception>
    public static async Task<LedgerRun> StartAsync(PostingPipeline pipeline, TimeProvider time, CancellationToken cancellationToken)
    {
        bool startsHere = pipeline.ExecuteTask is null;
        if (startsHere)
        {
            await pipeline.StartAsync(cancellationToken);
        }

        try
        {
            await pipeline.Ready.WaitAsync(StartTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new StartupException(
                ExitCode.StoreInUse, "Another process writes the ledger. Import into the running server with --url and --key.", exception);
        }

        return new LedgerRun(pipeline, startsHere);
    }

    public async ValueTask DisposeAsync()
    {
        if (_startedHere)
        {
            await _pipeline.StopAsync(CancellationToken.None);
        }
    }
}
