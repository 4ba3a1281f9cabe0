using Iskra.Host;
using Iskra.Host.Serving;
using Iskra.Host.Web;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using HostModules = Iskra.Host.Modules;

namespace Iskra.EndToEnd.Tests.Host;

public sealed class EndpointScopeTests
{
    /// <summary>Every endpoint that anyone may call. A new one is a decision, so it is written here.</summary>
    private static readonly string[] Open =
    [
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/health/live",
        "/health/ready",
        "/openapi/v1.json",
        "DELETE /v1/security/session",
        "POST /v1/security/revoke",
        "POST /v1/security/session",
        "POST /v1/security/token",
    ];

    [Fact]
    public async Task Endpoints_All_NameAScopeOrAreListedAsOpen()
    {
        using TestFolder folder = new();
        IReadOnlyList<RouteEndpoint> endpoints = await FindEndpointsAsync(folder["data"], map: null);
        Assert.True(endpoints.Count > 10, "The rule found too few endpoints to mean anything.");
        Assert.Empty(FindClosed(endpoints));
        Assert.Equal(Open.Order(StringComparer.Ordinal), endpoints.Where(IsOpen).Select(Describe).Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            endpoints.Where(endpoint => !IsOpen(endpoint)),
            endpoint => Assert.Contains(endpoint.Metadata.GetMetadata<RequiredScope>()!.Scope,
                Scopes.Grantable.Append(Scopes.Authenticated)));
    }

    [Fact]
    public async Task Rule_EndpointWithoutScope_FindsIt()
    {
        using TestFolder folder = new();
        IReadOnlyList<RouteEndpoint> endpoints = await FindEndpointsAsync(folder["data"], app => app.MapGet("/canary", () => ""));
        Assert.Equal("GET /canary", Assert.Single(FindClosed(endpoints)));
    }

    private static IEnumerable<string> FindClosed(IEnumerable<RouteEndpoint> endpoints) =>
        endpoints.Where(endpoint => !IsOpen(endpoint) && endpoint.Metadata.GetMetadata<RequiredScope>() is null).Select(Describe);

    private static bool IsOpen(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string Describe(RouteEndpoint endpoint)
    {
        string path = "/" + endpoint.RoutePattern.RawText?.Trim('/');
        IReadOnlyList<string> methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
        return path.StartsWith("/v1", StringComparison.Ordinal) || path == "/canary" ? $"{string.Join(',', methods)} {path}" : path;
    }

    private static async Task<IReadOnlyList<RouteEndpoint>> FindEndpointsAsync(string folder, Action<WebApplication>? map)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Data:Folder", folder)])
            .Build();
        DatabaseHolder holder = new();
        await using WebApplication app = Server.Build(configuration, HostModules.All, ["http://127.0.0.1:0"], holder,
            new Server.StartedFlag());
        await using Database database = await Composition.OpenDatabaseAsync(
            app.Services, configuration, HostModules.All, StoreAccess.Exclusive, TestContext.Current.CancellationToken);
        holder.Database = database;
        ServerPipeline.Map(app, HostModules.All, WebApp.Missing("not here", "nothing"));
        map?.Invoke(app);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()];
    }
}
