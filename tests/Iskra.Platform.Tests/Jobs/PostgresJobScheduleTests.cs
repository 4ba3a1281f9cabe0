using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class PostgresJobScheduleTests() : JobScheduleTests(DatabaseEngine.Postgres);
