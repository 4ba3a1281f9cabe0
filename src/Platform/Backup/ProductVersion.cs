using System.Reflection;

namespace Iskra.Platform.Backup;

/// <summary>The version of Iskra that runs.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        (typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0")
            .Split('+')[0];
}
