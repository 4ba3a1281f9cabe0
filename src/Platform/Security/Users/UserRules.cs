using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Users;

/// <summary>What users, passwords and roles may be.</summary>
internal static class UserRules
{
    internal const int LoginLengthMin = 2;
    internal const int LoginLengthMax = 254;
    internal const int PasswordLengthMax = 256;
    internal const int RolesMax = 20;
    internal const int RoleNameLengthMax = 40;
    internal const int DescriptionLengthMax = 200;

    /// <summary>The form in which logins are compared: their case doesn't matter.</summary>
    internal static string LoginKey(string login) =>
        login.Trim().Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();

    internal static void CheckLogin(string login, List<ProblemError> faults)
    {
        if (login.Length is < LoginLengthMin or > LoginLengthMax || login.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            faults.Add(new ProblemError("$.login", $"must have {LoginLengthMin} to {LoginLengthMax} characters without spaces"));
        }
        else if (Scrubber.HoldsCredential(login))
        {
            faults.Add(new ProblemError("$.login", "must not hold a card number, a key or a token"));
        }
    }

    /// <summary>NIST SP 800-63B asks for length and refuses what is easily guessed; it asks for no mixture of characters.</summary>
    internal static void CheckPassword(string path, string password, string login, int lengthMin, List<ProblemError> faults)
    {
        if (password.Length < lengthMin || password.Length > PasswordLengthMax)
        {
            faults.Add(new ProblemError(path, $"must have {lengthMin} to {PasswordLengthMax} characters"));
        }
        else if (password.Distinct().Count() < 5
            || password.Contains(login, StringComparison.OrdinalIgnoreCase)
            || (login.Contains('@', StringComparison.Ordinal)
                && password.StartsWith(login[..login.IndexOf('@', StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add(new ProblemError(path, "is easily guessed: it must have 5 different characters and must not hold the login"));
        }
    }

    /// <summary>Roles have to exist, and nobody gives a role with a scope that they may not give.</summary>
    internal static void CheckRoles(
        IReadOnlyList<string> roles, IReadOnlyList<Role> known, TenantId tenant, Caller? giver, List<ProblemError> faults)
    {
        if (roles.Count > RolesMax)
        {
            faults.Add(new ProblemError("$.roles", $"must name at most {RolesMax} roles"));
            return;
        }

        for (int i = 0; i < roles.Count; i++)
        {
            if (known.FirstOrDefault(role => role.Name == roles[i]) is { } role)
            {
                List<ProblemError> ofScopes = [];
                ScopeRules.Check("scopes", role.Scopes, required: false, tenant, giver, ofScopes);
                if (ofScopes.Count > 0 && !role.IsBuiltIn)
                {
                    faults.Add(new ProblemError($"$.roles[{i}]", "holds a scope that you may not give"));
                }
            }
            else
            {
                faults.Add(new ProblemError($"$.roles[{i}]", "is not a role of this tenant"));
            }
        }
    }

    internal static IReadOnlyList<ProblemError> CheckRole(string name, string description, IReadOnlyList<string> scopes, TenantId tenant,
        Caller? giver)
    {
        List<ProblemError> faults = [];
        if (!IsSlug(name, RoleNameLengthMax))
        {
            faults.Add(new ProblemError("name", $"must have 1 to {RoleNameLengthMax} lower-case letters, digits and inner hyphens"));
        }

        if (description.Length > DescriptionLengthMax || description.Any(char.IsControl))
        {
            faults.Add(new ProblemError("$.description", $"must have at most {DescriptionLengthMax} characters"));
        }
        else if (Scrubber.HoldsCredential(description))
        {
            faults.Add(new ProblemError("$.description", "must not hold a card number, a key or a token"));
        }

        ScopeRules.Check("$.scopes", scopes, required: true, tenant, giver, faults);
        return faults;
    }

    /// <summary>Lower-case ASCII letters, digits and hyphens that are neither first nor last.</summary>
    internal static bool IsSlug(string text, int lengthMax) =>
        text.Length > 0 && text.Length <= lengthMax
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && text[0] != '-' && text[^1] != '-'
        && !Scrubber.HoldsCredential(text);
}
