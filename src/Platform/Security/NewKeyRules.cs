using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Platform.Security;

/// <summary>What a new key may be.</summary>
internal static class NewKeyRules
{
    internal const int NameLengthMax = 100;

    internal static IReadOnlyList<ProblemError> FindFaults(string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt,
        DateTimeOffset now)
    {
        List<ProblemError> faults = [];
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax || name.Any(char.IsControl))
        {
            faults.Add(new ProblemError("$.name", $"must have 1 to {NameLengthMax} characters and no control characters"));
        }

        if (Scrubber.HoldsCredential(name))
        {
            faults.Add(new ProblemError("$.name", "must not hold a card number, a key or a token"));
        }

        if (scopes.Count == 0 || scopes.Count > Scopes.Grantable.Count)
        {
            faults.Add(new ProblemError("$.scopes", $"must name 1 to {Scopes.Grantable.Count} scopes"));
        }

        for (int i = 0; i < Math.Min(scopes.Count, Scopes.Grantable.Count); i++)
        {
            if (!Scopes.Grantable.Contains(scopes[i]))
            {
                faults.Add(new ProblemError($"$.scopes[{i}]", $"must be one of {string.Join(", ", Scopes.Grantable)}"));
            }
        }

        if (expiresAt <= now)
        {
            faults.Add(new ProblemError("$.expiresAt", "must be in the future"));
        }

        return faults;
    }
}
