namespace Iskra.Platform.Jobs.Api;

/// <summary>States by the names that the API and the command line use.</summary>
internal static class JobStates
{
    private static readonly Dictionary<string, JobState> ByName =
        Enum.GetValues<JobState>().ToDictionary(JobItem.NameOf, StringComparer.Ordinal);

    public static string Known { get; } = string.Join(", ", ByName.Keys);

    /// <summary>Reads names separated by commas. False when one is unknown.</summary>
    public static bool TryParse(string? text, out IReadOnlyList<JobState> states)
    {
        List<JobState> found = [];
        states = found;
        foreach (string name in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ByName.TryGetValue(name, out JobState state))
            {
                return false;
            }

            found.Add(state);
        }

        return true;
    }
}
