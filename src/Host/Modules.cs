using Iskra.Modules.Cards;
using Iskra.Modules.Dashboards;
using Iskra.Platform.Hosting;

namespace Iskra.Host;

/// <summary>Every module of the platform, named once.</summary>
internal static class Modules
{
    public static IReadOnlyList<IModule> All { get; } =
    [
        new CardsModule(),
        new DashboardsModule(),
    ];
}
