namespace Iskra.Platform.Audit;

/// <summary>How the last verification of the caller's trail ended.</summary>
/// <param name="IsRunning">One is under way, or waits to begin.</param>
/// <param name="VerifiedAt">When the last one ended, UTC; null when there was none since the start.</param>
/// <param name="Result">What it gave; null when there was none.</param>
internal sealed record AuditVerificationDocument(bool IsRunning, DateTimeOffset? VerifiedAt, AuditVerification? Result);
