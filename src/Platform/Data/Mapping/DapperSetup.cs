using Dapper;

namespace Iskra.Platform.Data.Mapping;

/// <summary>Dapper's settings are static, so they are applied once per process, before the first query.</summary>
internal static class DapperSetup
{
    private static readonly Lazy<bool> Applied = new(() =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Dapper's own mapping of Guid wins over a handler and would store text on SQLite.
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new GuidTypeHandler());
        return true;
    });

    public static void Apply() => _ = Applied.Value;
}
