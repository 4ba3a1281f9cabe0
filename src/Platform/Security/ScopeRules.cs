using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>Which scopes may be given to whom.</summary>
internal static class ScopeRules
{
    /// <param name="path">Of the field, for the message.</param>
    /// <param name="scopes">What is to be given.</param>
    /// <param name="required">Whether an empty list is a fault.</param>
    /// <param name="tenant">Whose key, role or user gets it.</param>
    /// <param name="giver">Who gives; null for the person at the machine, who may give anything.</param>
    /// <param name="faults">Takes what is wrong.</param>
    internal static void Check(
        string path, IReadOnlyList<string> scopes, bool required, TenantId tenant, Caller? giver, List<ProblemError> faults)
    {
        int max = Scopes.Grantable.Count;
        if ((required && scopes.Count == 0) || scopes.Count > max)
        {
            faults.Add(new ProblemError(path, $"must name {(required ? 1 : 0)} to {max} scopes"));
        }

        for (int i = 0; i < Math.Min(scopes.Count, max); i++)
        {
            if (!Scopes.Grantable.Contains(scopes[i]))
            {
                faults.Add(new ProblemError($"{path}[{i}]", $"must be one of {string.Join(", ", Scopes.Grantable)}"));
            }
            else if (Scopes.IsOfInstallation(scopes[i]) && tenant != TenantId.Default)
            {
                faults.Add(new ProblemError($"{path}[{i}]", $"'{scopes[i]}' is given only within the default tenant"));
            }
            else if (scopes[i] == Scopes.System && giver?.Has(Scopes.System) == false)
            {
                faults.Add(new ProblemError($"{path}[{i}]", "'system' is given only by a caller who has it"));
            }
        }
    }
}
