namespace Iskra.Architecture.Tests.Sources;

/// <summary>The repository that the tests were built from, found by walking up to <c>Iskra.slnx</c>.</summary>
internal static class Repository
{
    private static readonly HashSet<string> IgnoredFolders = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", "bin", "obj", "node_modules", "dist", "data", "out", "TestResults", "BenchmarkDotNet.Artifacts",
        "playwright-report", "test-results",
    };

    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".slnx", ".sql", ".md", ".json", ".yaml", ".yml", ".ts", ".tsx", ".css", ".html",
            ".js", ".mjs",
        ".sh", ".txt", ".service", ".conf", ".editorconfig", ".gitignore", ".dockerignore", "",
    };

    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    private static readonly Lazy<IReadOnlyList<SourceFile>> LazyFiles =
        new(() => [.. Walk(Root).Order(StringComparer.Ordinal).Select(Read)]);

    public static string Root => LazyRoot.Value;

    /// <summary>Every text file that belongs to the repository: no build output, no packages, no data.</summary>
    public static IReadOnlyList<SourceFile> Files => LazyFiles.Value;

    public static IReadOnlyList<SourceFile> CSharp => [.. Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    /// <summary>The product's C#: host, platform, modules.</summary>
    public static IReadOnlyList<SourceFile> Product => [.. CSharp.Where(file => file.IsUnder("src"))];

    public static IReadOnlyList<SourceFile> Tests => [.. CSharp.Where(file => file.IsUnder("tests"))];

    public static IReadOnlyList<SourceFile> Projects => [.. Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))];

    public static SourceFile File(string path)
        => Files.FirstOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"The repository has no {path}.");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Iskra.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Iskra.slnx above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (TextExtensions.Contains(Path.GetExtension(file)))
            {
                yield return file;
            }
        }

        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            if (!IgnoredFolders.Contains(Path.GetFileName(child)) || IsSourceFolder(child))
            {
                foreach (string file in Walk(child))
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>"data" and "out" at the top are the store and its exports; deeper folders of that name are sources.</summary>
    private static bool IsSourceFolder(string folder)
        => Path.GetFileName(folder) is "data" or "out"
            && Path.GetRelativePath(Root, folder).Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static SourceFile Read(string path)
        => new(Path.GetRelativePath(Root, path).Replace('\\', '/'),
            System.IO.File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal));
}
