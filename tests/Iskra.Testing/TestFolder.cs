namespace Iskra.Testing;

/// <summary>A folder of its own for one test, removed at the end.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Full path; the folder exists.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("iskra-test-").FullName;

    /// <summary>A path inside the folder.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed may still hold a file for a moment; the system's own clean-up takes the rest.
        }
    }
}
