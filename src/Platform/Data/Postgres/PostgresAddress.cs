using System.Globalization;
using Npgsql;

namespace Iskra.Platform.Data.Postgres;

/// <summary>
/// Where a PostgreSQL server is, from a URL (<c>postgres://user:password@host:port/database?sslmode=require</c>) or a connection string
/// (<c>Host=…;Username=…</c>). No fault quotes the text, because any part of it may be the password.
/// </summary>
internal sealed class PostgresAddress
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private PostgresAddress(NpgsqlConnectionStringBuilder builder)
    {
        Builder = builder;
    }

    /// <summary>Holds the password: never logged, never in a message.</summary>
    public NpgsqlConnectionStringBuilder Builder { get; }

    public string User => Builder.Username ?? string.Empty;

    public string DatabaseName => Builder.Database ?? User;

    /// <summary>"host:5432", for messages.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"{Builder.Host}:{Builder.Port}");

    /// <summary>"host:5432/database", for messages.</summary>
    public override string ToString() => $"{Server}/{DatabaseName}";

    /// <summary>Parses either form; null with <paramref name="fault"/> set when it can't.</summary>
    public static PostgresAddress? Parse(string text, out string fault)
    {
        string trimmed = text.Trim();
        try
        {
            string? scheme = Schemes.FirstOrDefault(prefix => trimmed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            NpgsqlConnectionStringBuilder? builder = scheme is null
                ? ParseConnectionString(trimmed, out fault)
                : ParseUrl(trimmed[scheme.Length..], out fault);
            return builder is null ? null : new PostgresAddress(builder);
        }
        catch (Exception e) when (
            e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            fault = "has a setting that PostgreSQL's driver doesn't know or a value of the wrong kind";
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder? ParseConnectionString(string text, out string fault)
    {
        fault = string.Empty;
        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal))
        {
            fault = "is a URL of another kind: only postgres:// is known";
            return null;
        }

        NpgsqlConnectionStringBuilder builder = new(text);
        fault = string.IsNullOrEmpty(builder.Host) ? "names no host (Host=…;Username=…;Database=…)" : string.Empty;
        return fault.Length == 0 ? builder : null;
    }

    private static NpgsqlConnectionStringBuilder? ParseUrl(string rest, out string fault)
    {
        int queryStart = rest.IndexOf('?', StringComparison.Ordinal);
        string query = queryStart < 0 ? string.Empty : rest[(queryStart + 1)..];
        string main = queryStart < 0 ? rest : rest[..queryStart];
        int pathStart = main.IndexOf('/', StringComparison.Ordinal);
        string authority = pathStart < 0 ? main : main[..pathStart];
        string database = pathStart < 0 ? string.Empty : main[(pathStart + 1)..];
        int userEnd = authority.LastIndexOf('@');
        NpgsqlConnectionStringBuilder builder = new();

        // A '/', '?' or '#' that is not percent-encoded in the password would cut it and show its rest as the host or the database.
        if (database.AsSpan().ContainsAny("@/#") || authority.Contains('#', StringComparison.Ordinal)
            || (userEnd < 0 && query.Contains('@', StringComparison.Ordinal)))
        {
            fault = "is not a URL that can be read: percent-encode '/', '?', '#' and '@' in the password (%2F, %3F, %23, %40)";
            return null;
        }

        SetUser(builder, userEnd < 0 ? string.Empty : authority[..userEnd]);
        fault = SetHost(builder, authority[(userEnd + 1)..]) ?? SetQuery(builder, query) ?? string.Empty;
        if (database.Length > 0)
        {
            builder.Database = Uri.UnescapeDataString(database);
        }

        if (fault.Length == 0 && string.IsNullOrEmpty(builder.Host))
        {
            fault = "names no host (postgres://user:password@host:port/database)";
        }

        return fault.Length == 0 ? builder : null;
    }

    private static void SetUser(NpgsqlConnectionStringBuilder builder, string userInfo)
    {
        int colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        string user = colon < 0 ? userInfo : userInfo[..colon];
        if (user.Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user);
        }

        if (colon >= 0)
        {
            builder.Password = Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        }
    }

    private static string? SetHost(NpgsqlConnectionStringBuilder builder, string hostAndPort)
    {
        int hostEnd = hostAndPort.StartsWith('[') ? hostAndPort.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        int colon = hostAndPort.IndexOf(':', hostEnd);
        string host = Uri.UnescapeDataString(colon < 0 ? hostAndPort : hostAndPort[..colon]);
        if (host.Length > 0)
        {
            builder.Host = host.Trim('[', ']');
        }

        if (colon < 0)
        {
            return null;
        }

        if (!ushort.TryParse(hostAndPort.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            return "has a port that is no number from 1 to 65535";
        }

        builder.Port = port;
        return null;
    }

    private static string? SetQuery(NpgsqlConnectionStringBuilder builder, string query)
    {
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? string.Empty : Uri.UnescapeDataString(pair[(equals + 1)..]);
            switch (equals < 0 ? pair : pair[..equals])
            {
                case "sslmode":
                    if (!Enum.TryParse(value.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true, out SslMode mode))
                    {
                        return "has an sslmode that is none of disable, allow, prefer, require, verify-ca, verify-full";
                    }

                    builder.SslMode = mode;
                    break;
                case "sslrootcert":
                    builder.RootCertificate = value;
                    break;
                case "sslcert":
                    builder.SslCertificate = value;
                    break;
                case "sslkey":
                    builder.SslKey = value;
                    break;
                case "host":
                    builder.Host = value;
                    break;
                case "connect_timeout":
                    builder.Timeout = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "application_name":
                    builder.ApplicationName = value;
                    break;
                case "options":
                    builder.Options = value;
                    break;
                default:
                    return "has a parameter other than sslmode, sslrootcert, sslcert, sslkey, host, connect_timeout, application_name "
                        + "and options";
            }
        }

        return null;
    }
}
