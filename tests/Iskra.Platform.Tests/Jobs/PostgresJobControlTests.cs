using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class PostgresJobControlTests() : JobControlTests(DatabaseEngine.Postgres);
