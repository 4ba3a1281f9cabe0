using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class SqliteDeadlineTests() : DeadlineTests(DatabaseEngine.Sqlite);
