namespace Iskra.Platform.Tenancy;

/// <summary>A customer of the platform.</summary>
/// <param name="Id">The number that its rows carry.</param>
/// <param name="Slug">Its short name, in addresses, tokens and commands: 1 to 40 lower-case letters, digits and inner hyphens. It never
/// changes.</param>
/// <param name="Name">What people call it.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="DisabledAt">UTC; null while its keys, users and tokens work.</param>
public sealed record Tenant(int Id, string Slug, string Name, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt)
{
    /// <summary>The slug of <see cref="TenantId.Default"/>.</summary>
    public const string DefaultSlug = "default";

    internal const int SlugLengthMax = 40;
    internal const int NameLengthMax = 100;

    /// <summary>The number as other code takes it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TenantId TenantId => new(Id);
}
