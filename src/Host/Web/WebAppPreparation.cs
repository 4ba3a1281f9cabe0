namespace Iskra.Host.Web;

/// <summary>Finds the web app's files, and builds them when the program runs from the repository.</summary>
internal static class WebAppPreparation
{
    private const string Index = "index.html";
    private const int RepositoryDepthMax = 8;

    public static async Task<WebApp> PrepareAsync(WebOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        if (options.Folder is { Length: > 0 } configured)
        {
            return HasIndex(configured)
                ? WebApp.At(Path.GetFullPath(configured))
                : WebApp.Missing($"Web:Folder has no {Index}", "Point Web:Folder at a built web app");
        }

        string published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (HasIndex(published))
        {
            return WebApp.At(published);
        }

        if (FindSources() is not { } sources)
        {
            return WebApp.Missing("this build holds no web app", "Use a published build, or run from the repository");
        }

        string built = Path.Combine(sources, "dist");
        if (HasIndex(built))
        {
            return WebApp.At(built);
        }

        if (!options.Build)
        {
            return WebApp.Missing("it isn't built and Web:Build is off", "Run 'npm ci && npm run build' in web/");
        }

        WebApp? fault = await WebAppBuild.RunAsync(sources, options.BuildTimeout, progress, cancellationToken);
        return fault ?? (HasIndex(built) ? WebApp.At(built) : WebApp.Missing(
            "its build made no page", "Run 'npm run build' in web/ and read its output"));
    }

    private static bool HasIndex(string folder) => File.Exists(Path.Combine(folder, Index));

    private static string? FindSources()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        for (int i = 0; i < RepositoryDepthMax && folder is not null; i++, folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Iskra.slnx")))
            {
                string sources = Path.Combine(folder.FullName, "web");
                return File.Exists(Path.Combine(sources, "package.json")) ? sources : null;
            }
        }

        return null;
    }
}
