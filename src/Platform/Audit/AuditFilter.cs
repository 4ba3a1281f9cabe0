namespace Iskra.Platform.Audit;

/// <summary>Which entries are asked for; null means any.</summary>
internal sealed record AuditFilter
{
    /// <summary>Microseconds, included.</summary>
    public long? From { get; init; }

    /// <summary>Microseconds, not included.</summary>
    public long? To { get; init; }

    public AuditEventKind? Kind { get; init; }

    public string? Actor { get; init; }

    public string? Subject { get; init; }

    /// <summary>The conditions on <c>audit_entries</c> after the tenant's; empty when there are none.</summary>
    public string Sql =>
        (From is null ? "" : " and occurred_at >= @From") + (To is null ? "" : " and occurred_at < @To")
        + (Kind is null ? "" : " and kind = @Kind") + (Actor is null ? "" : " and actor = @Actor")
        + (Subject is null ? "" : " and subject = @Subject");

    /// <summary>For the export's own entry.</summary>
    public IReadOnlyDictionary<string, string> Describe()
    {
        Dictionary<string, string> said = [];
        Say(said, "from", From is { } from ? Data.Instants.FromMicroseconds(from).ToString("O") : null);
        Say(said, "to", To is { } to ? Data.Instants.FromMicroseconds(to).ToString("O") : null);
        Say(said, "kind", Kind is { } kind ? AuditEventNames.Of((int)kind) : null);
        Say(said, "actor", Actor);
        Say(said, "subject", Subject);
        return said;
    }

    private static void Say(Dictionary<string, string> said, string name, string? value)
    {
        if (value is not null)
        {
            said.Add(name, value);
        }
    }
}
