using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Hosting;

/// <summary>Describes problem answers in the OpenAPI document.</summary>
public static class ProblemExtensions
{
    /// <summary>Tells the OpenAPI document which statuses the endpoint answers with a problem, besides 401, 403 and 500.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            builder.Produces<ProblemDocument>(status, ProblemResult.MediaType);
        }

        return builder;
    }
}
