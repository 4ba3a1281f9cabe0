namespace Iskra.Platform.Security.Users;

/// <summary>A row of <c>security_roles</c>.</summary>
internal sealed class RoleRow
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Scopes { get; set; } = "";

    internal Role ToRole() => new(Name, Description, Security.Scopes.Split(Scopes), IsBuiltIn: false);
}
