using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class SqliteJobQueueTests() : JobQueueTests(DatabaseEngine.Sqlite);
