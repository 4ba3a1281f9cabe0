namespace Iskra.Platform.Audit;

/// <summary>An entry as the API shows it.</summary>
/// <param name="Sequence">Its place in the tenant's chain, from 1 on.</param>
/// <param name="Id">The entry's id.</param>
/// <param name="OccurredAt">UTC.</param>
/// <param name="Kind">As the catalogue names it, such as <c>api-key-created</c>.</param>
/// <param name="ActorKind"><c>system</c>, <c>key</c>, <c>user</c> or <c>anonymous</c>.</param>
/// <param name="Actor">A key's prefix, a user's id.</param>
/// <param name="Subject">The person whose data it concerns; null for none.</param>
/// <param name="Target">What it was done to; null for nothing in particular.</param>
/// <param name="Details">More about it; null when there are none or they were erased.</param>
/// <param name="IsErased">The details were the subject's, and were erased with its key.</param>
/// <param name="Hash">The entry's link, SHA-256 in hex.</param>
internal sealed record AuditItem(
    long Sequence,
    Guid Id,
    DateTimeOffset OccurredAt,
    string Kind,
    string ActorKind,
    string Actor,
    string? Subject,
    string? Target,
    IReadOnlyDictionary<string, string>? Details,
    bool IsErased,
    string Hash);
