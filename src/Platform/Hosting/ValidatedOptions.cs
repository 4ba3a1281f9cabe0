using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Hosting;

/// <summary>Options whose every fault is reported at start, each with the key to set.</summary>
public static class ValidatedOptions
{
    /// <summary>Binds <typeparamref name="T"/> to a section, checks its attributes and makes a fault stop the start.</summary>
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        BindFaults<T> faults = new();
        OptionsBuilder<T> builder = services.AddOptions<T>();
        builder.Configure(options => faults.Bind(options, configuration.GetSection(section)));
        builder.Services.AddSingleton<IValidateOptions<T>>(new AttributeValidator<T>(section, faults));
        return builder.ValidateOnStart();
    }

    /// <summary>The binder throws at the first value of a wrong type; kept, so that it is reported with all other faults.</summary>
    private sealed class BindFaults<T>
        where T : class
    {
        internal string? Message { get; private set; }

        internal void Bind(T options, IConfigurationSection section)
        {
            try
            {
                section.Bind(options);
                Message = null;
            }
            catch (InvalidOperationException exception)
            {
                Message = Describe(exception.Message, section.Path);
            }
        }

        /// <summary>"Failed to convert configuration value 'x' at 'Limits:Connections' to type 'System.Int32'." without the value.</summary>
        private static string Describe(string message, string section)
        {
            int at = message.IndexOf(" at '", StringComparison.Ordinal);
            int end = at < 0 ? -1 : message.IndexOf('\'', at + 5);
            return end < 0 ? $"{section}: has a value of a wrong type" : $"{message[(at + 5)..end]}: has a value of a wrong type";
        }
    }

    private sealed class AttributeValidator<T>(string section, BindFaults<T> faults) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            List<string> failures = [];
            if (faults.Message is not null)
            {
                failures.Add(faults.Message);
            }

            List<ValidationResult> results = [];
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            failures.AddRange(results.Select(result =>
                $"{section}:{string.Join(',', result.MemberNames)}: {result.ErrorMessage?.TrimEnd('.')}"));
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
