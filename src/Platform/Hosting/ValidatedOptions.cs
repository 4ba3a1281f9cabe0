using System.ComponentModel.DataAnnotations;
using System.Reflection;
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

    /// <summary>The framework's binder stops at the first value of a wrong type; property by property every fault is found.</summary>
    private sealed class BindFaults<T>
        where T : class
    {
        internal IReadOnlyList<string> Messages { get; private set; } = [];

        internal void Bind(T options, IConfigurationSection section)
        {
            PropertyInfo[] properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance);
            List<string> messages = [];
            foreach (PropertyInfo property in properties)
            {
                if (section.GetSection(property.Name) is var child && child.Exists() && !TryBind(options, property, section, child))
                {
                    messages.Add($"{child.Path}: has a value of a wrong type");
                }
            }

            messages.AddRange(section.GetChildren()
                .Where(child => child.Value is not null && !Array.Exists(properties, property => IsNamed(property, child.Key)))
                .Select(child => $"{child.Path}: is not a setting that is known"));
            Messages = messages;
        }

        private static bool IsNamed(PropertyInfo property, string key) =>
            string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase);

        private static bool TryBind(T options, PropertyInfo property, IConfigurationSection section, IConfigurationSection child)
        {
            try
            {
                if (property.CanWrite && child.Value is not null)
                {
                    property.SetValue(options, section.GetValue(property.PropertyType, property.Name));
                }
                else if (property.GetValue(options) is { } inner)
                {
                    child.Bind(inner);
                }

                return true;
            }
            catch (InvalidOperationException)
            {
                // The exception's text holds the value, which may be a secret in the wrong place.
                return false;
            }
        }
    }

    private sealed class AttributeValidator<T>(string section, BindFaults<T> faults) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            List<string> failures = [.. faults.Messages];
            List<ValidationResult> results = [];
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            failures.AddRange(results.Select(result =>
                $"{section}:{string.Join(',', result.MemberNames)}: {result.ErrorMessage?.TrimEnd('.')}"));
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
