using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

internal static class Roles
{
    /// <summary>The modules that <c>--roles</c> names, in the host's order; all of them when it names none.</summary>
    public static IReadOnlyList<IModule> Select(string? roles, IReadOnlyList<IModule> modules)
    {
        if (string.IsNullOrWhiteSpace(roles))
        {
            return modules;
        }

        string[] names = roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string known = string.Join(", ", modules.Select(module => module.Name));
        string[] unknown = [.. names.Where(name => modules.All(module => module.Name != name))];
        return names.Length == 0 || unknown.Length > 0
            ? throw new StartupException(ExitCode.Usage, $"--roles: there is no module '{string.Join(", ", unknown)}'; there are {known}.")
            : [.. modules.Where(module => names.Contains(module.Name))];
    }
}
