using Iskra.Platform.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Posting;

/// <summary>
/// Lets clients send transfers to any process: one that does not write the ledger passes them on to the one that does.
/// </summary>
internal static class OwnerForwarding
{
    /// <summary>The endpoint's handler must read the body by itself, since a request that is passed on must still have it.</summary>
    public static RouteHandlerBuilder ForwardedToOwner(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(FilterAsync);

    private static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        PostingPipeline pipeline = context.RequestServices.GetRequiredService<PostingPipeline>();
        if (pipeline.IsReady || RequestForwarder.IsForwarded(context.Request))
        {
            return await next(invocation);
        }

        LedgerOwner owners = context.RequestServices.GetRequiredService<LedgerOwner>();
        if (await owners.FindOtherAsync(context.RequestAborted) is not { } owner)
        {
            return await next(invocation);
        }

        RequestForwarder forwarder = context.RequestServices.GetRequiredService<RequestForwarder>();
        ForwardOutcome outcome = await forwarder.ForwardAsync(context, owner);
        return outcome == ForwardOutcome.Answered
            ? Results.Empty
            : PostingProblems.For(PostingResult.Refused(PostingOutcome.Unavailable, TimeSpan.FromSeconds(1)));
    }
}
