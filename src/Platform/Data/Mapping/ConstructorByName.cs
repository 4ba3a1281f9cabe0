using System.Reflection;
using Dapper;

namespace Iskra.Platform.Data.Mapping;

/// <summary>
/// Lets a positional record be filled from columns of the same names in the same order, whatever types the engine reports: SQLite says
/// "blob" for an expression without a row and "long" for every integer, and Dapper's own map would then find no constructor.
/// </summary>
internal sealed class ConstructorByName : SqlMapper.ITypeMap
{
    private readonly DefaultTypeMap _fallback;
    private readonly Type _type;

    public ConstructorByName(Type type)
    {
        _type = type;
        _fallback = new DefaultTypeMap(type);
    }

    public ConstructorInfo? FindConstructor(string[] names, Type[] types) =>
        Array.Find(_type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Matches(c, names))
        ?? _fallback.FindConstructor(names, types);

    public ConstructorInfo? FindExplicitConstructor() => _fallback.FindExplicitConstructor();

    public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo constructor, string columnName) =>
        _fallback.GetConstructorParameter(constructor, columnName);

    public SqlMapper.IMemberMap? GetMember(string columnName) => _fallback.GetMember(columnName);

    private static bool Matches(ConstructorInfo constructor, string[] names)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        return parameters.Length > 0
            && parameters.Length == names.Length
            && parameters.Zip(names).All(pair => IsSame(pair.First.Name!, pair.Second));
    }

    private static bool IsSame(string parameter, string column) =>
        string.Equals(parameter, column.Replace("_", string.Empty, StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
