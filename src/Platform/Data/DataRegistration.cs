using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Data;

/// <summary>
/// Registers the options. The host opens the <see cref="Database"/> before it builds the application and adds it as an instance.
/// </summary>
public static class DataRegistration
{
    /// <summary>Binds section <c>Data</c> and validates it at start.</summary>
    public static IServiceCollection AddIskraData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DataOptions>().Bind(configuration.GetSection(DataOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DataOptions>, DataOptionsValidator>());
        return services;
    }

    /// <summary>The options for <see cref="Database.OpenAsync(DataOptions, IEnumerable{MigrationSet}, StoreAccess, TimeProvider?,
    /// Microsoft.Extensions.Logging.ILoggerFactory?, CancellationToken)"/>, before there is a service provider.</summary>
    /// <exception cref="StartupException">With <see cref="ExitCode.BadConfiguration"/> and every fault named by its key.</exception>
    public static DataOptions ReadOptions(IConfiguration configuration)
    {
        DataOptions options = new();
        try
        {
            configuration.GetSection(DataOptions.Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(ExitCode.BadConfiguration, e.Message.ReplaceLineEndings(" "), e);
        }

        List<string> faults = [.. DataOptionsValidator.FindFaults(options)];
        return faults.Count == 0 ? options : throw new StartupException(ExitCode.BadConfiguration, string.Join(' ', faults));
    }
}
