using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Import;

/// <summary>Posts through the ledger of this process.</summary>
internal sealed class PipelineTarget : IImportTarget
{
    private const int AttemptsMax = 60;

    private readonly PostingPipeline _pipeline;
    private readonly TenantId _tenant;
    private readonly TimeProvider _time;

    public PipelineTarget(PostingPipeline pipeline, TenantId tenant, TimeProvider time)
    {
        _tenant = tenant;
        _pipeline = pipeline;
        _time = time;
    }

    public async Task<int> OpenAsync(IReadOnlyList<AccountRequest> accounts, CancellationToken cancellationToken)
    {
        PostingResult result = await RepeatAsync(() => _pipeline.OpenAsync(_tenant, accounts), cancellationToken);
        AccountStatus other = result.AccountStatuses.FirstOrDefault(status => status is not (AccountStatus.Ok or AccountStatus.Exists));
        if (other != AccountStatus.Ok)
        {
            throw new StartupException(
                ExitCode.Failure, $"An account of the import is there with another content ({other}). Use another --name.");
        }

        return result.AccountStatuses.AsSpan().Count(AccountStatus.Ok);
    }

    public async Task<TransferStatus[]> PostAsync(ReadOnlyMemory<TransferRequest> transfers, CancellationToken cancellationToken) =>
        (await RepeatAsync(() => _pipeline.PostAsync(_tenant, transfers), cancellationToken)).Statuses;

    private async Task<PostingResult> RepeatAsync(Func<Task<PostingResult>> send, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PostingResult result = await send();
            if (result.Outcome == PostingOutcome.Done)
            {
                return result;
            }

            if (attempt == AttemptsMax)
            {
                throw new StartupException(ExitCode.Failure, "The ledger takes no transfers. What was posted stays; run the import again.");
            }

            await Task.Delay(result.RetryAfter, _time, cancellationToken);
        }
    }
}
