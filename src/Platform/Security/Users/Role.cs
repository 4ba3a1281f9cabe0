namespace Iskra.Platform.Security.Users;

/// <summary>A named set of scopes within a tenant.</summary>
/// <param name="Name">1 to 40 lower-case letters, digits and hyphens.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Scopes">What a user with the role may do.</param>
/// <param name="IsBuiltIn">True for the roles that every tenant has; they can't be changed or removed.</param>
internal sealed record Role(string Name, string Description, IReadOnlyList<string> Scopes, bool IsBuiltIn);
