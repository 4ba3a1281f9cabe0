using Iskra.Platform.Data.Postgres;
using Npgsql;

namespace Iskra.Platform.Tests.Data.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://ann:s%40cr%2Fet@db.example:6432/iskra", "db.example:6432/iskra", "ann", "s@cr/et")]
    [InlineData("postgresql://ann@db.example/iskra", "db.example:5432/iskra", "ann", null)]
    [InlineData("POSTGRES://ann:p:w@db.example", "db.example:5432/ann", "ann", "p:w")]
    [InlineData("postgres://ann:p@[::1]:5433/iskra", "::1:5433/iskra", "ann", "p")]
    [InlineData(" postgres://ann:p@h/my%20db ", "h:5432/my db", "ann", "p")]
    [InlineData("postgres://ann:p@/iskra?host=/run/postgresql", "/run/postgresql:5432/iskra", "ann", "p")]
    [InlineData("postgres://ann:a@b@h/iskra", "h:5432/iskra", "ann", "a@b")]
    [InlineData("Host=h;Port=6000;Username=ann;Password=p;Database=iskra", "h:6000/iskra", "ann", "p")]
    [InlineData("Server=h;User Id=ann;Pwd='a;b=c';Database=iskra", "h:5432/iskra", "ann", "a;b=c")]
    public void Parse_Address_IsRead(string text, string shown, string user, string? password)
    {
        PostgresAddress? address = PostgresAddress.Parse(text, out string fault);

        Assert.Equal(string.Empty, fault);
        Assert.NotNull(address);
        Assert.Equal(shown, address.ToString());
        Assert.Equal(user, address.User);
        Assert.Equal(password, address.Builder.Password);
    }

    [Theory]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    [InlineData("disable", SslMode.Disable)]
    public void Parse_SslMode_IsTaken(string value, SslMode expected) =>
        Assert.Equal(expected, PostgresAddress.Parse($"postgres://a@h/d?sslmode={value}&connect_timeout=7", out _)!.Builder.SslMode);

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres:///db")]
    [InlineData("postgres://ann:secret@h:port/db")]
    [InlineData("postgres://ann:secret@h:0/db")]
    [InlineData("postgres://ann:secret@h:70000/db")]
    [InlineData("postgres://ann:sec/secret@h/db")]
    [InlineData("postgres://ann:12/secret@h/db")]
    [InlineData("postgres://ann:12?secret@h/db")]
    [InlineData("postgres://ann:12#secret@h/db")]
    [InlineData("postgres://ann:secret@h/db?sslmode=secret")]
    [InlineData("postgres://ann:secret@h/db?secret=1")]
    [InlineData("postgres://ann:secret@h/db?connect_timeout=secret")]
    [InlineData("mysql://ann:secret@h/db")]
    [InlineData("secret")]
    [InlineData("Host=h;Password=a;secret=b")]
    [InlineData("Host=h;Port=secret")]
    [InlineData("Username=ann;Password=secret")]
    [InlineData("=")]
    public void Parse_Fault_IsExplainedWithoutTheSecret(string text)
    {
        Assert.Null(PostgresAddress.Parse(text, out string fault));

        Assert.NotEmpty(fault);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", fault, StringComparison.Ordinal);
    }
}
