using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Browser;

/// <summary>The built web app and what its npm packages bring.</summary>
internal static class WebSources
{
    /// <summary>The folder of the built app; skips the test when there is none.</summary>
    public static string Built()
    {
        string folder = Path.Combine(Root(), "dist");
        Requirement.That(File.Exists(Path.Combine(folder, "index.html")), "web/dist is missing (npm ci && npm run build in web/)");
        return folder;
    }

    /// <summary>The accessibility checker's script.</summary>
    public static string Axe()
    {
        string file = Path.Combine(Root(), "node_modules", "axe-core", "axe.min.js");
        Requirement.That(File.Exists(file), "web/node_modules/axe-core is missing (npm ci in web/)");
        return File.ReadAllText(file);
    }

    /// <summary>The repository that the tests were built from.</summary>
    public static string Repository() => Path.GetDirectoryName(Root())!;

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Iskra.slnx")))
            {
                return Path.Combine(folder.FullName, "web");
            }
        }

        throw new DirectoryNotFoundException("The tests do not run from the repository.");
    }
}
