using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Iskra.Host.Serving;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and the page for it at <c>/docs</c>.</summary>
internal static class ApiDescription
{
    private const string KeyScheme = "apiKey";
    private const string SessionScheme = "session";
    private const string ProblemMedia = "application/problem+json";

    public static void AddIskraOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeDocumentAsync);
        options.AddOperationTransformer(DescribeOperationAsync);
        options.AddSchemaTransformer(DescribeInstantAsync);
    });

    public static void UseIskraDocs(this WebApplication app) => app.UseSwaggerUI(docs =>
    {
        docs.RoutePrefix = "docs";
        docs.DocumentTitle = "Iskra API";
        docs.SwaggerEndpoint("/openapi/v1.json", "Iskra v1");
    });

    private static Task DescribeDocumentAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Iskra",
            Version = "v1",
            Description = "Errors are RFC 9457 problems; programs read their `code`. Amounts are integers in minor units.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "isk_…",
            Description = "An API key, or an access token.",
        };
        document.Components.SecuritySchemes[SessionScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "iskra_session",
            Description = "The web app's session.",
        };
        return Task.CompletedTask;
    }

    /// <summary>Instants have a converter of ours, about which the framework knows nothing.</summary>
    private static Task DescribeInstantAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        Type type = context.JsonPropertyInfo?.PropertyType ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.Null | JsonSchemaType.String;
            schema.Format = "date-time";
        }

        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancellationToken);
        if (metadata.OfType<RequiredScope>().LastOrDefault() is { } required && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Description = $"{operation.Description} Scope: `{required.Scope}`.".TrimStart();
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SessionScheme, context.Document)] = [] },
            ];
            AddProblem(operation.Responses, "401", "No valid key or session", schema);
            AddProblem(operation.Responses, "403", "The key lacks the scope", schema);
        }

        AddProblem(operation.Responses, "default", "Any other error", schema);
    }

    private static void AddProblem(OpenApiResponses responses, string status, string description, OpenApiSchema schema) =>
        responses.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType> { [ProblemMedia] = new() { Schema = schema } },
        });
}
