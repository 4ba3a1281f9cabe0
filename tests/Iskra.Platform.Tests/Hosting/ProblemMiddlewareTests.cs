using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Iskra.Platform.Tests.Hosting;

public sealed class ProblemMiddlewareTests
{
    public static TheoryData<string, int, string, bool> Faults => new()
    {
        { "busy", 503, "busy", true },
        { "sqlite-busy", 503, "busy", true },
        { "sqlite-full", 503, "store-unavailable", true },
        { "sqlite-io", 503, "store-unavailable", true },
        { "sqlite-corrupt", 500, "internal-error", false },
        { "postgres-full", 503, "store-unavailable", true },
        { "postgres-gone", 503, "store-unavailable", true },
        { "postgres-shutdown", 503, "store-unavailable", true },
        { "postgres-deadlock", 503, "busy", true },
        { "postgres-timeout", 503, "store-unavailable", true },
        { "postgres-syntax", 500, "internal-error", false },
        { "wrapped", 503, "store-unavailable", true },
        { "closed", 503, "store-unavailable", true },
        { "canceled", 504, "timeout", false },
        { "json", 500, "internal-error", false },
        { "bad-request", 400, "bad-request", false },
        { "body-too-large", 413, "body-too-large", false },
        { "other", 500, "internal-error", false },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Invoke_Fault_IsTheProblemOfItsKind(string fault, int status, string code, bool retry)
    {
        DefaultHttpContext context = await RunAsync(_ => Task.FromException(Make(fault)));
        Assert.Equal(status, context.Response.StatusCode);
        context.Response.Body.Position = 0;
        using JsonDocument document =
            await JsonDocument.ParseAsync(context.Response.Body, default, TestContext.Current.CancellationToken);
        JsonElement body = document.RootElement;
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.Equal(retry, context.Response.Headers.RetryAfter.Count == 1);
        Assert.DoesNotContain("4111", body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_CallerLeft_AnswersNobody()
    {
        using CancellationTokenSource left = new();
        await left.CancelAsync();
        DefaultHttpContext context = await RunAsync(_ => Task.FromException(new OperationCanceledException()), left.Token);
        Assert.Equal(499, context.Response.StatusCode);
        Assert.Equal(0, context.Response.Body.Length);
    }

    private static async Task<DefaultHttpContext> RunAsync(RequestDelegate next, CancellationToken aborted = default)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<HostingMetrics>().BuildServiceProvider();
        ProblemMiddleware middleware = new(
            next, services.GetRequiredService<HostingMetrics>(), new TestTimeProvider(), NullLogger<ProblemMiddleware>.Instance);
        DefaultHttpContext context = new() { RequestAborted = aborted };
        context.Request.Method = "GET";
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Path = "/v1/cards/4111111111111111";
        context.Response.Body = new MemoryStream();
        await middleware.InvokeAsync(context);
        return context;
    }

    private static Exception Make(string fault) => fault switch
    {
        "busy" => new DatabaseBusyException("9 writes wait already."),
        "sqlite-busy" => new SqliteException("busy", 5),
        "sqlite-full" => new SqliteException("database or disk is full", 13),
        "sqlite-io" => new SqliteException("disk I/O error", 10),
        "sqlite-corrupt" => new SqliteException("malformed", 11),
        "postgres-full" => Postgres("53100"),
        "postgres-gone" => new NpgsqlException("gone", new IOException("end of stream")),
        "postgres-shutdown" => Postgres("57P01"),
        "postgres-deadlock" => Postgres("40P01"),
        "postgres-timeout" => new NpgsqlException("slow", new TimeoutException()),
        "postgres-syntax" => Postgres("42601"),
        "wrapped" => new InvalidOperationException("outer", Postgres("57P03")),
        "closed" => new ObjectDisposedException(typeof(Database).FullName),
        "canceled" => new OperationCanceledException(),
        "json" => new JsonException("4111111111111111"),
        "bad-request" => new BadHttpRequestException("Failed to bind parameter \"Guid id\" from \"4111111111111111\".", 400),
        "body-too-large" => new BadHttpRequestException("too large", 413),
        _ => new InvalidOperationException("4111111111111111"),
    };

    private static PostgresException Postgres(string state) => new("card 4111111111111111", "ERROR", "ERROR", state);
}
