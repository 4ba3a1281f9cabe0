using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Tenancy;

public sealed class SqliteTenantsTests() : TenantsTests(DatabaseEngine.Sqlite);
