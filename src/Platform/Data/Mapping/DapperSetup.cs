using Dapper;

namespace Iskra.Platform.Data.Mapping;

/// <summary>Dapper's settings are static, so they are applied once per process, before the first query.</summary>
internal static class DapperSetup
{
    private static readonly Type[] GuidLists =
    [
        typeof(Guid[]), typeof(List<Guid>), typeof(IList<Guid>), typeof(IReadOnlyList<Guid>), typeof(IReadOnlyCollection<Guid>),
        typeof(ICollection<Guid>), typeof(IEnumerable<Guid>), typeof(HashSet<Guid>),
    ];

    private static readonly Lazy<bool> Applied = new(() =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Dapper's own mapping of Guid wins over a handler and would store text on SQLite.
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new GuidTypeHandler());
        foreach (Type list in GuidLists)
        {
            SqlMapper.AddTypeHandler(list, new GuidListGuard());
        }

        SqlMapper.TypeMapProvider = type => new ConstructorByName(type);
        return true;
    });

    public static void Apply() => _ = Applied.Value;
}
