using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class SqliteJobScheduleTests() : JobScheduleTests(DatabaseEngine.Sqlite);
