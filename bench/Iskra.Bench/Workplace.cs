namespace Iskra.Bench;

/// <summary>A folder for one run, on the disk to be measured, removed at the end.</summary>
internal sealed class Workplace : IDisposable
{
    private Workplace(string path) => Path = path;

    public string Path { get; }

    public static Workplace Create(string? under) => new(
        under is null
            ? Directory.CreateTempSubdirectory("iskra-bench-").FullName
            : Directory.CreateDirectory(System.IO.Path.Combine(under, $"iskra-bench-{Guid.CreateVersion7():N}")).FullName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
