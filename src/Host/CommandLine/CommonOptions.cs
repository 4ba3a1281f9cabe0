using System.CommandLine;

namespace Iskra.Host.CommandLine;

/// <summary>Options that every command takes.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder for the embedded database, key rings and exports. ISKRA_DATA. Default: ./data",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "A JSON file with settings, read after appsettings.json.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string?> LogFormat { get; } = CreateLogFormat();

    public static Option<string?> Roles { get; } = new("--roles")
    {
        Description = "Modules to run, separated by commas. ISKRA_ROLES. Default: all",
        HelpName = "a,b",
        Recursive = true,
    };

    public static Option<string?> Urls { get; } = new("--urls")
    {
        Description = "Addresses to listen on, separated by semicolons. ISKRA_URLS. Default: http://localhost:5080",
        HelpName = "URLS",
        Recursive = true,
    };

    private static Option<string?> CreateLogFormat()
    {
        Option<string?> option = new("--log-format")
        {
            Description = "json or text, on the error stream. Default: text on a terminal, else json",
            HelpName = "json|text",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("json", "text");
        return option;
    }
}
