using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Iskra.Platform.Hosting;

/// <summary>
/// Describes query parameters that an endpoint reads itself, so that the OpenAPI document and the clients made from it have them.
/// </summary>
public static class QueryDescriptions
{
    /// <summary>Adds an optional query parameter to the endpoint's description.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="name">As in the query string.</param>
    /// <param name="description">Meaning, unit and range.</param>
    /// <param name="type">A string unless told.</param>
    /// <param name="format">An OpenAPI format such as <c>date-time</c>.</param>
    public static RouteHandlerBuilder WithQuery(
        this RouteHandlerBuilder builder,
        string name,
        string description,
        JsonSchemaType type = JsonSchemaType.String,
        string? format = null) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = description,
                Schema = new OpenApiSchema { Type = type, Format = format },
            });
            return Task.CompletedTask;
        });

    /// <summary>Adds <c>limit</c> and <c>cursor</c>, as <see cref="PageRequest"/> reads them.</summary>
    public static RouteHandlerBuilder WithPaging(this RouteHandlerBuilder builder) => builder
        .WithQuery(
            "limit", $"Items, 1 to {PageRequest.LimitMax}; {PageRequest.LimitDefault} unless told.", JsonSchemaType.Integer, "int32")
        .WithQuery("cursor", "What the last answer gave as nextCursor.");
}
