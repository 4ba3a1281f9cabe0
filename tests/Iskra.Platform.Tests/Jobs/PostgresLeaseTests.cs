using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class PostgresLeaseTests() : LeaseTests(DatabaseEngine.Postgres);
