namespace Iskra.Host.Web;

/// <summary>The built web app, or why there is none.</summary>
/// <param name="Folder">Where its files are; null when there is none.</param>
/// <param name="Status">For people: that it is ready, or what is missing and how to fix it.</param>
internal sealed record WebApp(string? Folder, string Status)
{
    public static WebApp At(string folder) => new(folder, $"ready ({folder})");

    public static WebApp Missing(string reason, string fix) => new(null, $"missing: {reason}. {fix}.");
}
