namespace Iskra.Platform.Security;

/// <summary>All scopes. A key holds some of them; <see cref="Admin"/> implies every other one.</summary>
public static class Scopes
{
    /// <summary>Everything, keys included.</summary>
    public const string Admin = "admin";

    /// <summary>Any valid key or session, whatever its scopes.</summary>
    public const string Authenticated = "authenticated";

    /// <summary>Search, export and verify the audit trail.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Read accounts, balances, statements, transfers and masked cards.</summary>
    public const string CardsRead = "cards:read";

    /// <summary>Open accounts, register cards and post transfers.</summary>
    public const string CardsWrite = "cards:write";

    /// <summary>Watch the live dashboards.</summary>
    public const string DashboardsRead = "dashboards:read";

    /// <summary>Read <c>/metrics</c>.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>Every scope that a key may be given.</summary>
    public static IReadOnlyList<string> Grantable { get; } = [Admin, AuditRead, CardsRead, CardsWrite, DashboardsRead, MetricsRead];
}
