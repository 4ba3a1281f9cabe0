using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Security.Tokens;

public sealed class PostgresTokenTests() : TokenTests(DatabaseEngine.Postgres);
