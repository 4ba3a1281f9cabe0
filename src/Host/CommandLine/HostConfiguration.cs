using System.Collections;
using System.CommandLine;
using Iskra.Platform.Hosting;

namespace Iskra.Host.CommandLine;

/// <summary>Settings, the later winning: appsettings.json, <c>--config</c>, <c>ISKRA__…</c>, the short variables, options.</summary>
internal static class HostConfiguration
{
    private const string Prefix = "ISKRA__";

    /// <summary>Short names for what is set most often; a fault is reported with the long key.</summary>
    private static readonly (string Variable, string Key)[] Variables =
    [
        ("ISKRA_DATA", "Data:Folder"),
        ("ISKRA_DATABASE", "Data:Database"),
        ("ISKRA_REDIS", "Redis:Url"),
        ("ISKRA_BROKER", "Events:Broker"),
        ("ISKRA_ADMIN_KEY", "Security:AdminKey"),
        ("ISKRA_ROOT_KEY", "Encryption:RootKey"),
        ("ISKRA_ROOT_KEY_FILE", "Encryption:RootKeyFile"),
        ("ISKRA_KEY_FOLDER", "Encryption:KeyFolder"),
        ("ISKRA_KEY_DATABASE", "Encryption:KeyDatabase"),
        ("ISKRA_BACKUP_KEY", "Backup:Key"),
        ("ISKRA_ROLES", "Roles"),
        ("ISKRA_URLS", "Urls"),
        ("ISKRA_ADVERTISED_URL", "Cluster:AdvertisedUrl"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    ];

    public static IConfigurationRoot Build(
        ParseResult command, IDictionary environment, IEnumerable<KeyValuePair<string, string?>>? extra = null)
    {
        ConfigurationBuilder builder = new();
        AddFile(builder, Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        if (Environment.CurrentDirectory != AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
        {
            AddFile(builder, Path.GetFullPath("appsettings.json"), optional: true);
        }

        if (command.GetValue(CommonOptions.Config) is { } file)
        {
            AddFile(builder, Path.GetFullPath(file), optional: false);
        }

        builder.AddInMemoryCollection(FromEnvironment(environment));
        builder.AddInMemoryCollection(FromOptions(command));
        builder.AddInMemoryCollection(extra ?? []);
        try
        {
            return builder.Build();
        }
        catch (FileNotFoundException exception)
        {
            throw new StartupException(ExitCode.BadConfiguration,
                $"The file of --config doesn't exist: {exception.FileName ?? command.GetValue(CommonOptions.Config)}", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCode.BadConfiguration, OneLine(exception), exception);
        }
    }

    private static string OneLine(Exception exception) =>
        exception.InnerException is FormatException { InnerException: { } json }
            ? $"{exception.Message} {json.Message}"
            : exception.Message;

    private static void AddFile(ConfigurationBuilder builder, string path, bool optional) =>
        builder.AddJsonFile(path, optional, reloadOnChange: false);

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is string name && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && name.Length > Prefix.Length)
            {
                yield return new(name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), entry.Value as string);
            }
        }

        foreach ((string variable, string key) in Variables)
        {
            if (environment[variable] is string { Length: > 0 } value)
            {
                yield return new(key, value);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromOptions(ParseResult command)
    {
        (Option<string?> Option, string Key)[] options =
        [
            (CommonOptions.Data, "Data:Folder"),
            (CommonOptions.Roles, "Roles"),
            (CommonOptions.Urls, "Urls"),
            (CommonOptions.LogFormat, "LogFormat"),
        ];
        return options.Where(pair => command.GetValue(pair.Option) is not null)
            .Select(pair => new KeyValuePair<string, string?>(pair.Key, command.GetValue(pair.Option)));
    }
}
