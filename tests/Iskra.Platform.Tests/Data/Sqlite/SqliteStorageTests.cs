using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data.Sqlite;

public sealed class SqliteStorageTests() : StorageTests(DatabaseEngine.Sqlite);
