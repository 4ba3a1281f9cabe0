namespace Iskra.Platform.Tenancy;

/// <summary>
/// Which customer of the platform a row belongs to: the number of a row of <c>tenants</c>, 1 or more. Every table with data of customers
/// has a <c>tenant_id</c>, and every query on it names one.
/// </summary>
/// <param name="Value">4 bytes, so that it costs little in tables of millions of rows.</param>
public readonly record struct TenantId(int Value)
{
    /// <summary>The tenant that exists from the first start; a system with one customer never needs another.</summary>
    public static TenantId Default { get; } = new(1);

    /// <summary>The number, for logs and metrics.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
