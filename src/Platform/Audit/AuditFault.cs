namespace Iskra.Platform.Audit;

/// <summary>The first difference that a verification found in a tenant's trail.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sequence">The entry, or the checkpoint's entry, where it shows.</param>
/// <param name="Text">One English sentence for people.</param>
public sealed record AuditFault(AuditFaultKind Kind, long Sequence, string Text);
