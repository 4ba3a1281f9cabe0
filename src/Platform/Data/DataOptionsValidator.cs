using System.ComponentModel.DataAnnotations;
using Iskra.Platform.Data.Postgres;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Data;

/// <summary>Reports every fault at once, each with the key to set; never a value of the keys that hold passwords.</summary>
internal sealed class DataOptionsValidator : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        List<string> faults = [.. FindFaults(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static IEnumerable<string> FindFaults(DataOptions options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            yield return $"{DataOptions.Section}:{string.Join(',', result.MemberNames)}: {result.ErrorMessage}";
        }

        if (!string.IsNullOrWhiteSpace(options.Database) && PostgresAddress.Parse(options.Database, out string fault) is null)
        {
            yield return $"{DataOptions.Section}:{nameof(DataOptions.Database)} (ISKRA_DATABASE) {fault}.";
        }

        for (int i = 0; i < options.Replicas.Count; i++)
        {
            if (PostgresAddress.Parse(options.Replicas[i], out string replicaFault) is null)
            {
                yield return $"{DataOptions.Section}:{nameof(DataOptions.Replicas)}:{i} {replicaFault}.";
            }
        }

        if (options.Replicas.Count > 0 && string.IsNullOrWhiteSpace(options.Database))
        {
            yield return $"{DataOptions.Section}:{nameof(DataOptions.Replicas)} needs {DataOptions.Section}:{nameof(DataOptions.Database)} "
                + "(ISKRA_DATABASE): the embedded engine has no replicas.";
        }
    }
}
