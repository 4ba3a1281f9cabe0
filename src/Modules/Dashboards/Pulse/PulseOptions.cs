using System.ComponentModel.DataAnnotations;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>The live dashboard. Section <c>Dashboards:Pulse</c>.</summary>
internal sealed class PulseOptions
{
    public const string Section = "Dashboards:Pulse";

    /// <summary>Points of history kept, one a second. Default fifteen minutes.</summary>
    [Range(1, 900)]
    public int HistoryMax { get; set; } = 900;

    /// <summary>Commits shown, at most.</summary>
    [Range(1, 100)]
    public int RecentMax { get; set; } = 20;
}
