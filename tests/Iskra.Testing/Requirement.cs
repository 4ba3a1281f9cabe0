using Xunit;

namespace Iskra.Testing;

/// <summary>
/// Says what a test needs from the machine. When it is missing the test is skipped with the reason, unless <c>ISKRA_REQUIRE_ALL=1</c>
/// asks for every test to run; then it fails.
/// </summary>
public static class Requirement
{
    private static bool IsAllRequired => Environment.GetEnvironmentVariable("ISKRA_REQUIRE_ALL") == "1";

    /// <summary>A PostgreSQL server, given by <c>ISKRA_TEST_POSTGRES</c> or startable from installed programs.</summary>
    public static void Postgres()
    {
        if (!PostgresServer.IsAvailable)
        {
            Missing($"PostgreSQL is not installed (apt-get install postgresql) and {PostgresServer.Variable} is not set");
        }
    }

    /// <summary>A program on the path; returns where it is.</summary>
    public static string Program(string name, string install)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Missing($"{name} is not installed ({install})");
        }

        return path!;
    }

    /// <summary>Anything else that a test needs.</summary>
    public static void That(bool isMet, string missing)
    {
        if (!isMet)
        {
            Missing(missing);
        }
    }

    private static void Missing(string reason)
    {
        if (IsAllRequired)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
