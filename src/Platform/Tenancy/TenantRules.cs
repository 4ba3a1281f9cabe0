using Iskra.Platform.Hosting;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Platform.Tenancy;

/// <summary>What a tenant may be called.</summary>
internal static class TenantRules
{
    internal static string SlugRule => $"must have 1 to {Tenant.SlugLengthMax} lower-case letters, digits and inner hyphens";

    internal static string NameRule =>
        $"must have 1 to {Tenant.NameLengthMax} characters and no control characters, and must not hold a card number, a key or a token";

    internal static bool IsName(string name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= Tenant.NameLengthMax && !name.Any(char.IsControl)
        && !Scrubber.HoldsCredential(name);

    internal static IReadOnlyList<ProblemError> FindFaults(string slug, string name)
    {
        List<ProblemError> faults = [];
        if (!UserRules.IsSlug(slug, Tenant.SlugLengthMax))
        {
            faults.Add(new ProblemError("$.slug", SlugRule));
        }

        if (!IsName(name))
        {
            faults.Add(new ProblemError("$.name", NameRule));
        }

        return faults;
    }
}
