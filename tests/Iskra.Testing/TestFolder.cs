namespace Iskra.Testing;

/// <summary>A folder of its own for one test, removed at the end.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Full path; the folder exists.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("iskra-test-").FullName;

    /// <summary>A path inside the folder.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    public void Dispose() => Remove(FullPath);

    /// <summary>Removes a folder with all that is in it, as far as the system lets us.</summary>
    internal static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that was killed may still hold a file for a moment; the system's own clean-up takes the rest.
        }
    }
}
