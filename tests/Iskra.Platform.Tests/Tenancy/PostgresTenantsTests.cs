using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Tenancy;

public sealed class PostgresTenantsTests() : TenantsTests(DatabaseEngine.Postgres);
