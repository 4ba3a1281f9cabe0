using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class SqliteJobControlTests() : JobControlTests(DatabaseEngine.Sqlite);
