using System.ComponentModel.DataAnnotations;

namespace Iskra.Host.Web;

/// <summary>The web app's files. Section <c>Web</c>.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>A folder with a built web app; empty: <c>wwwroot</c> beside the program, else <c>web/dist</c> of the repository.</summary>
    public string? Folder { get; set; }

    /// <summary>Whether a start from the repository builds the web app when it is missing and Node 20 is there.</summary>
    public bool Build { get; set; } = true;

    /// <summary>Time for the build, packages included.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan BuildTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
