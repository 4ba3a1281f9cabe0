namespace Iskra.Platform.Hosting;

/// <summary>The body of every error answer (RFC 9457), as the OpenAPI document describes it.</summary>
/// <param name="Type">A URI that names the kind of problem: <c>https://iskra.dev/problems/</c> and the code.</param>
/// <param name="Title">The kind of problem, for people; the same text for the same code.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What happened this time, for people.</param>
/// <param name="Instance">The path of the request.</param>
/// <param name="TraceId">Finds the request in logs and traces.</param>
/// <param name="Code">The kind of problem, for programs: a stable slug.</param>
/// <param name="Errors">The faults, when they can be located.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string? Detail,
    string? Instance,
    string TraceId,
    string Code,
    IReadOnlyList<ProblemError>? Errors);
