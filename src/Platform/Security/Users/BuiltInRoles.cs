namespace Iskra.Platform.Security.Users;

/// <summary>
/// The roles that every tenant has. They are made of the list of scopes, so a new module's scopes are in them at once. The audit trail
/// shows who did what, so it is for administrators and auditors alone.
/// </summary>
internal static class BuiltInRoles
{
    internal const string Admin = "admin";

    internal static IReadOnlyList<Role> All { get; } =
    [
        new(Admin, "Everything inside the tenant.", [Scopes.Admin], IsBuiltIn: true),
        new("operator", "Reads and writes everywhere, without keys and users.", With(":read", ":write"), IsBuiltIn: true),
        new("viewer", "Reads everywhere, without the audit trail.", With(":read"), IsBuiltIn: true),
        new("auditor", "Reads the audit trail.", [Scopes.AuditRead], IsBuiltIn: true),
    ];

    internal static Role? Find(string name) => All.FirstOrDefault(role => role.Name == name);

    private static string[] With(params string[] endings) =>
        [.. Scopes.Grantable.Where(
            scope => scope != Scopes.AuditRead && Array.Exists(endings, ending => scope.EndsWith(ending, StringComparison.Ordinal)))];
}
