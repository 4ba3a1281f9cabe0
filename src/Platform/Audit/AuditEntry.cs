using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Audit;

/// <summary>
/// Something that happened and must be provable. Make it before the write, not in its delegate: it takes the request's actor.
/// </summary>
/// <param name="tenant">In whose trail it goes.</param>
/// <param name="kind">From the catalogue.</param>
public sealed class AuditEntry(TenantId tenant, AuditEventKind kind)
{
    /// <summary>An actor's, subject's or target's id, at most.</summary>
    public const int IdLengthMax = 100;

    public TenantId Tenant => tenant;

    public AuditEventKind Kind => kind;

    /// <summary>Who did it; the request's caller unless said otherwise.</summary>
    public AuditActor Actor { get; init; } = AuditActor.Current;

    /// <summary>
    /// The person whose data it concerns, as <see cref="Encryption.SubjectId"/>; the details are sealed with its key and vanish with it.
    /// Null: the details are sealed with the tenant's.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>What it was done to: an opaque id ("key Ab3dE5gH"); stored in the clear and searchable.</summary>
    public string? Target { get; init; }

    /// <summary>More about it, sealed: names, addresses, old and new values. Never a secret, a token or a card number.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
