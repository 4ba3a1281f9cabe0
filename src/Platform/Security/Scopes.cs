namespace Iskra.Platform.Security;

/// <summary>
/// All scopes. A key or a user holds some of them within a tenant; <see cref="Admin"/> implies every other one there, except
/// <see cref="System"/>, which is the installation's.
/// </summary>
public static class Scopes
{
    /// <summary>Everything inside the caller's own tenant, keys and users included.</summary>
    public const string Admin = "admin";

    /// <summary>
    /// The installation itself: tenants and signing keys. No other scope implies it, and only keys and users of the default tenant may
    /// hold it.
    /// </summary>
    public const string System = "system";

    /// <summary>Any valid key or session, whatever its scopes.</summary>
    public const string Authenticated = "authenticated";

    /// <summary>Search, export and verify the audit trail.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Read accounts, balances, statements, transfers and masked cards.</summary>
    public const string CardsRead = "cards:read";

    /// <summary>Open accounts, register cards and post transfers.</summary>
    public const string CardsWrite = "cards:write";

    /// <summary>See queues and jobs, their payloads, results and errors included.</summary>
    public const string JobsRead = "jobs:read";

    /// <summary>Retry, cancel and answer jobs.</summary>
    public const string JobsWrite = "jobs:write";

    /// <summary>Watch the live dashboards.</summary>
    public const string DashboardsRead = "dashboards:read";

    /// <summary>Read <c>/metrics</c>: figures of the whole process, so within the default tenant alone.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>Every scope that a key, a role or a user may be given.</summary>
    public static IReadOnlyList<string> Grantable { get; } =
    [
        Admin,
        System,
        AuditRead,
        CardsRead,
        CardsWrite,
        DashboardsRead,
        JobsRead,
        JobsWrite,
        MetricsRead,
    ];

    /// <summary>
    /// Whether a scope shows or changes the installation as a whole: nobody of another tenant than the default one can have it, whatever
    /// their roles say.
    /// </summary>
    internal static bool IsOfInstallation(string scope) => scope is System or MetricsRead;

    /// <summary>Scopes as one text with a space between them, sorted, each once: the form of RFC 6749 §3.3 and of the store.</summary>
    internal static string Join(IEnumerable<string> scopes) => string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal));

    internal static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
