using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class PostgresJobQueueTests() : JobQueueTests(DatabaseEngine.Postgres);
