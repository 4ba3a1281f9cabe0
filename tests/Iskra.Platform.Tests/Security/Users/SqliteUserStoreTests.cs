using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Security.Users;

public sealed class SqliteUserStoreTests() : UserStoreTests(DatabaseEngine.Sqlite);
