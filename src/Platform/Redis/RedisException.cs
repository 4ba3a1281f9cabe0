namespace Iskra.Platform.Redis;

/// <summary>Why a command has no answer.</summary>
internal enum RedisFault
{
    /// <summary>There is no connection now; nothing was sent.</summary>
    NotConnected = 0,

    /// <summary>Too much waits already; nothing was sent.</summary>
    QueueFull = 1,

    /// <summary>No answer in time; the server may have done it or may still do it.</summary>
    Timeout = 2,

    /// <summary>The connection broke before the answer; the server may have done it.</summary>
    ConnectionLost = 3,

    /// <summary>The server answered with an error.</summary>
    Refused = 4,

    /// <summary>The server sent what isn't RESP, or more than the limit; the connection is given up.</summary>
    Protocol = 5,

    /// <summary>The server refuses the user or the password.</summary>
    Authentication = 6,
}

/// <summary>
/// A command failed. The message never holds keys, values or credentials; of an error of the server it holds the code alone, because its
/// text can quote arguments.
/// </summary>
internal sealed class RedisException : Exception
{
    public RedisException(RedisFault fault, string message, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        Code = "";
    }

    private RedisException(RedisFault fault, string message, string code)
        : base(message)
    {
        Fault = fault;
        Code = code;
    }

    public RedisFault Fault { get; }

    /// <summary>The first word of the server's error, such as <c>NOSCRIPT</c>; empty for other faults.</summary>
    public string Code { get; }

    /// <summary>From an error line of the server.</summary>
    public static RedisException FromServer(string text)
    {
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        string word = end < 0 ? text : text[..end];
        bool isCode = word.Length is > 0 and <= 32 && !word.AsSpan().ContainsAnyExceptInRange('A', 'Z');
        string code = isCode ? word : "ERR";
        RedisFault fault = code is "WRONGPASS" or "NOAUTH" or "NOPERM" ? RedisFault.Authentication : RedisFault.Refused;
        string hint = code is "MOVED" or "ASK" or "CLUSTERDOWN" or "CROSSSLOT" ? " (Redis Cluster is not supported)" : "";
        return new RedisException(fault, $"Redis answered {code}{hint}.", code);
    }
}
