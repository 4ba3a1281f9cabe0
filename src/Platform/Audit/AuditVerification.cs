namespace Iskra.Platform.Audit;

/// <summary>What verifying a tenant's trail gave.</summary>
/// <param name="TenantId">Whose trail.</param>
/// <param name="Entries">Entries that were read and are as they were written, from the first on.</param>
/// <param name="Checkpoints">Signed checkpoints that match.</param>
/// <param name="CheckpointSequence">Up to where a matching checkpoint covers the trail; what follows is only linked.</param>
/// <param name="Waiting">Entries that were written and wait to be linked; more than a few for more than a few seconds is a fault in
/// operation.</param>
/// <param name="AreKeysChecked">Whether the signing keys were held against their sealed halves, which needs the root key.</param>
/// <param name="Fault">The first difference; null when the trail is whole.</param>
public sealed record AuditVerification(
    int TenantId, long Entries, int Checkpoints, long CheckpointSequence, long Waiting, bool AreKeysChecked, AuditFault? Fault);
