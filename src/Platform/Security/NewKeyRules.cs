using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>What a new key may be.</summary>
internal static class NewKeyRules
{
    internal const int NameLengthMax = 100;

    internal static IReadOnlyList<ProblemError> FindFaults(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, DateTimeOffset now, TenantId tenant, Caller? giver)
    {
        List<ProblemError> faults = [];
        CheckName("$.name", name, faults);
        ScopeRules.Check("$.scopes", scopes, required: true, tenant, giver, faults);
        if (expiresAt <= now)
        {
            faults.Add(new ProblemError("$.expiresAt", "must be in the future"));
        }

        return faults;
    }

    internal static void CheckName(string path, string name, List<ProblemError> faults)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax || name.Any(char.IsControl))
        {
            faults.Add(new ProblemError(path, $"must have 1 to {NameLengthMax} characters and no control characters"));
        }
        else if (Scrubber.HoldsCredential(name))
        {
            faults.Add(new ProblemError(path, "must not hold a card number, a key or a token"));
        }
    }
}
