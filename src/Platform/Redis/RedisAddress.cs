using System.Globalization;

namespace Iskra.Platform.Redis;

/// <summary>
/// Where a Redis server is: <c>redis://[[user]:password@]host[:port][/database]</c>, or <c>rediss://</c> for TLS. No fault quotes the text,
/// because any part of it may be the password.
/// </summary>
internal sealed class RedisAddress
{
    private const int DefaultPort = 6379;
    private const int DatabaseMax = 1_023;

    private RedisAddress(string host, int port, bool isTls, string? user, string? password, int database)
    {
        Host = host;
        Port = port;
        IsTls = isTls;
        User = user;
        Password = password;
        Database = database;
    }

    public string Host { get; }

    public int Port { get; }

    public bool IsTls { get; }

    public string? User { get; }

    /// <summary>Never logged, never in a message.</summary>
    public string? Password { get; }

    public int Database { get; }

    /// <summary>"host:6379/0", for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{Database}");

    /// <summary>Null, with <paramref name="fault"/> set, when it can't be read.</summary>
    public static RedisAddress? Parse(string text, out string fault)
    {
        string trimmed = text.Trim();
        bool isTls = trimmed.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !trimmed.StartsWith("redis://", StringComparison.OrdinalIgnoreCase))
        {
            fault = "is no URL of the form redis://[user:password@]host:port/database or rediss://…";
            return null;
        }

        string rest = trimmed[(isTls ? 9 : 8)..];
        int pathStart = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = pathStart < 0 ? rest : rest[..pathStart];
        string path = pathStart < 0 ? "" : rest[(pathStart + 1)..];
        if (rest.AsSpan().ContainsAny("?#") || path.AsSpan().ContainsAny("@/"))
        {
            // Such a letter, not percent-encoded in the password, would cut it and show its rest as the host or the database.
            fault = "can't be read: percent-encode '/', '?', '#' and '@' in the password (%2F, %3F, %23, %40); it takes no parameters";
            return null;
        }

        int userEnd = authority.LastIndexOf('@');
        string userInfo = userEnd < 0 ? "" : authority[..userEnd];
        int colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        string? user = colon <= 0 ? null : Uri.UnescapeDataString(userInfo[..colon]);
        string? password = userInfo.Length == 0 ? null : Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        if (!TrySplitHost(authority[(userEnd + 1)..], out string host, out int port))
        {
            fault = "names no host, or a port that is no number from 1 to 65535";
            return null;
        }

        int database = 0;
        if (path.Length > 0
            && (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database) || database > DatabaseMax))
        {
            fault = "has a database that is no number from 0 to 1023";
            return null;
        }

        fault = "";
        return new RedisAddress(host, port, isTls, user, password, database);
    }

    private static bool TrySplitHost(string text, out string host, out int port)
    {
        int hostEnd = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        int colon = text.IndexOf(':', hostEnd);
        host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        port = DefaultPort;
        return host.Length > 0
            && (colon < 0
                || (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    && port is > 0 and <= ushort.MaxValue));
    }
}
