using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data.Postgres;

public sealed class PostgresStorageTests() : StorageTests(DatabaseEngine.Postgres);
