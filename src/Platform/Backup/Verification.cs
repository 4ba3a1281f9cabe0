using Iskra.Platform.Data;

namespace Iskra.Platform.Backup;

/// <summary>
/// A module's check of its own data, registered as a singleton; a deep verification runs all of them on the restored store. The same check
/// as the module's own <c>verify</c> command.
/// </summary>
/// <param name="Name">Module and noun: <c>cards.ledger</c>.</param>
/// <param name="RunAsync">Reads only. Finds differences rather than throwing.</param>
public sealed record Verification(string Name, Func<Database, CancellationToken, Task<VerificationOutcome>> RunAsync);

/// <summary>What a verification found.</summary>
/// <param name="IsGood">Whether everything was as it must be.</param>
/// <param name="Summary">One line: what was checked, and how much of it.</param>
/// <param name="Differences">What was found, in words, some of it when there is much.</param>
public sealed record VerificationOutcome(bool IsGood, string Summary, IReadOnlyList<string> Differences);
