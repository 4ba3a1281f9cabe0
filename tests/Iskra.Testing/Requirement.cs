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
    public static void Postgres() => That(
        PostgresServer.IsAvailable, $"PostgreSQL is not installed (apt-get install postgresql) and {PostgresServer.Variable} is not set");

    /// <summary>A Redis server, given by <c>ISKRA_TEST_REDIS</c> or startable from the installed program.</summary>
    public static void Redis() => That(
        RedisServer.IsAvailable, $"Redis is not installed (apt-get install redis-server) and {RedisServer.Variable} is not set");

    /// <summary>A RabbitMQ server, given by <c>ISKRA_TEST_RABBITMQ</c> or startable from the installed programs.</summary>
    public static void Rabbit() => That(
        RabbitServer.IsAvailable, $"RabbitMQ is not installed (apt-get install rabbitmq-server) and {RabbitServer.Variable} is not set");

    /// <summary>An installed nginx.</summary>
    public static void Nginx() => That(NginxServer.IsAvailable, "nginx is not installed (apt-get install nginx)");

    /// <summary>A program on the path; returns where it is.</summary>
    public static string Program(string name, string install)
    {
        string? path = InstalledProgram.Find(name);
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
