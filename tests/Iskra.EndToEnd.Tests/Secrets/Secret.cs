namespace Iskra.EndToEnd.Tests.Secrets;

/// <summary>Something that may be found nowhere.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Text">As it is sent.</param>
/// <param name="Needle">The part of it that gives it away.</param>
internal sealed record Secret(string Name, string Text, string Needle)
{
    public static IReadOnlyList<Secret> All { get; } =
    [
        new("card", "4539578763621486", "4539578763621486"),
        new("card with spaces", "4929 1234 5678 9015", "4929 1234 5678 9015"),
        new("card with dashes", "5425-2334-3010-9903", "5425-2334-3010-9903"),
        new("card of 15 digits", "371449635398431", "371449635398431"),
        new("card of 13 digits", "4222222222222", "4222222222222"),
        new("api key", "isk_Zq12Xw34_needleNEEDLE0123456789needleNEEDLE0123456789abc", "needleNEEDLE0123456789needle"),
        new("refresh token", "isr_Zq12Xw34_refreshREFRESH0123456789refreshREFRESH0123456", "refreshREFRESH0123456789"),
        new("json web token", "eyJhbGciOiJFUzI1NiJ9.eyJuZWVkbGUiOiJqd3QtYm9keSJ9.bmVlZGxlLXNpZ25hdHVyZQ", "eyJuZWVkbGUiOiJqd3QtYm9keSJ9"),
        new("bearer header", "Bearer b3arerNeedle0987654321", "b3arerNeedle0987654321"),
        new("broker's address", "amqp://iskra:amqpNeedle77@broker.invalid:5672/main", "amqpNeedle77"),
        new("database's address", "postgres://iskra:pgNeedle77@db.invalid/iskra", "pgNeedle77"),
        new("cache's address", "redis://:redisNeedle77@cache.invalid:6379", "redisNeedle77"),
        new("connection string", "Host=db.invalid;Username=iskra;Password=connNeedle77;Timeout=5", "connNeedle77"),
        new("named secret", "{\"client_secret\":\"namedNeedle77\"}", "namedNeedle77"),
    ];
}
