using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Jobs;

public sealed class SqliteLeaseTests() : LeaseTests(DatabaseEngine.Sqlite);
