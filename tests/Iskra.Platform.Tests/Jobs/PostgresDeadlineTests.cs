using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class PostgresDeadlineTests() : DeadlineTests(DatabaseEngine.Postgres);
