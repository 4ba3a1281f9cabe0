using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Hosting;

/// <summary>The one place where error answers are made (RFC 9457, <c>application/problem+json</c>).</summary>
public static class Problems
{
    /// <summary>What every problem's <c>type</c> starts with; the code follows.</summary>
    public const string TypeBase = "https://iskra.dev/problems/";

    /// <summary>A problem with a code of the caller's own.</summary>
    /// <param name="status">400 to 599.</param>
    /// <param name="code">A stable slug, lower case with hyphens: part of the contract.</param>
    /// <param name="title">The same text for the same code.</param>
    /// <param name="detail">What happened this time; holds no secrets and no values that were sent.</param>
    /// <param name="errors">The faults that can be located.</param>
    /// <param name="retryAfter">When the caller may try again.</param>
    public static ProblemResult Create(
        int status, string code, string title, string? detail = null, IReadOnlyList<ProblemError>? errors = null, TimeSpan? retryAfter =
            null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return new ProblemResult(status, code, title, detail, errors ?? [], retryAfter);
    }

    /// <summary>400: the request can be read, but fields have values that are not allowed.</summary>
    public static ProblemResult Invalid(params IReadOnlyList<ProblemError> errors) =>
        Create(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", errors: errors);

    /// <summary>400: one field has a value that is not allowed.</summary>
    public static ProblemResult Invalid(string path, string message) => Invalid([new ProblemError(path, message)]);

    /// <summary>400: the body is no JSON of the expected shape.</summary>
    public static ProblemResult InvalidJson(params IReadOnlyList<ProblemError> errors) =>
        Create(StatusCodes.Status400BadRequest, "invalid-json", "The body is not the JSON that this endpoint takes", errors: errors);

    /// <summary>404.</summary>
    public static ProblemResult NotFound(string detail) => Create(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    /// <summary>503 with <c>Retry-After</c>: a bounded queue is full and nothing was done.</summary>
    public static ProblemResult Busy(string detail, TimeSpan? retryAfter = null) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "busy",
        "Too busy, nothing was done",
        detail,
        retryAfter: retryAfter ?? TimeSpan.FromSeconds(1));

    /// <summary>
    /// 503 with <c>Retry-After</c>: the store can't be used now. Whether a write reached it shows when it is sent again with the same id.
    /// </summary>
    public static ProblemResult StoreUnavailable(string detail) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "store-unavailable",
        "The store can't be used now",
        detail + " Send the same request again.",
        retryAfter: TimeSpan.FromSeconds(2));

    /// <summary>401: no key or session, or one that is unknown, revoked or expired; the answer doesn't say which.</summary>
    public static ProblemResult Unauthenticated { get; } = Create(
        StatusCodes.Status401Unauthorized,
        "unauthenticated",
        "Sign in, or send a valid API key",
        "Send the header 'Authorization: Bearer isk_…', or sign in at the web app.");

    /// <summary>403: the key lacks a scope.</summary>
    public static ProblemResult ScopeMissing(string scope) => Create(
        StatusCodes.Status403Forbidden, "scope-missing", "The key lacks a scope", $"This endpoint needs the scope '{scope}'.");

    /// <summary>The problem for a status that something else chose without writing a body (routing, Kestrel).</summary>
    internal static ProblemResult ForStatus(int status) => status switch
    {
        400 => Create(status, "bad-request", "The request can't be read"),
        401 => Unauthenticated,
        403 => Create(status, "forbidden", "Not allowed"),
        404 => Create(status, "not-found", "Not found", "There is nothing at this address."),
        405 => Create(status, "method-not-allowed", "This address doesn't take this method"),
        406 => Create(status, "not-acceptable", "None of the accepted formats is offered"),
        408 => Create(status, "request-timeout", "The request took too long to arrive"),
        411 => Create(status, "length-required", "The request needs a length"),
        413 => Create(status, "body-too-large", "The body is larger than the limit"),
        414 => Create(status, "address-too-long", "The address is longer than the limit"),
        415 => Create(status, "unsupported-media-type", "The body must be application/json"),
        417 => Create(status, "expectation-failed", "The expectation can't be met"),
        429 => Create(status, "too-many-requests", "Too many requests", retryAfter: TimeSpan.FromSeconds(1)),
        431 => Create(status, "headers-too-large", "The headers are larger than the limit"),
        503 => Create(status, "unavailable", "Not available now", retryAfter: TimeSpan.FromSeconds(1)),
        504 => Create(status, "timeout", "The request took longer than the limit"),
        < 500 => Create(status, "bad-request", "The request can't be answered"),
        _ => Create(status, "internal-error", "Something went wrong here", "The fault is ours; the trace id finds it in the log."),
    };
}
