namespace Iskra.Testing;

/// <summary>Programs of the machine that tests drive.</summary>
internal static class InstalledProgram
{
    // Servers live in the sbin folders, which are not on the path of a user who is not root.
    private static readonly string[] ServerFolders = ["/usr/sbin", "/usr/local/sbin"];

    /// <summary>Where the program is; null if it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(ServerFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
