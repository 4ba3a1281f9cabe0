using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data.Schema;

public sealed class SqliteMigrationTests() : MigrationTestsBase(DatabaseEngine.Sqlite);
