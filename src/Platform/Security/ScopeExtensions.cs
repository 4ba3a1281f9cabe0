using Microsoft.AspNetCore.Builder;

namespace Iskra.Platform.Security;

/// <summary>The scope that an endpoint asks of its caller. An endpoint without one, and without <c>AllowAnonymous</c>, is refused to
/// all.</summary>
/// <param name="Scope">As <see cref="Scopes"/> lists them, for instance <c>cards:write</c>.</param>
public sealed record RequiredScope(string Scope);

/// <summary>States what an endpoint asks of its caller.</summary>
public static class ScopeExtensions
{
    /// <summary>States the scope that the endpoint (or each endpoint of the group) needs.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequiredScope(scope)));
        return builder;
    }
}
