using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Iskra.Testing;

/// <summary>
/// A Redis server for tests: the one that <c>ISKRA_TEST_REDIS</c> names (<c>redis://[:password@]host:port</c>), or a throwaway one on a
/// free loopback port, started once per test process and stopped with it. It keeps nothing on disk.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    public const string Variable = "ISKRA_TEST_REDIS";
    private const int StartAttempts = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static RedisServer? _shared;

    private readonly string? _folder;
    private ServerProcess? _process;

    private RedisServer(string host, int port, string? password, TestCertificate? certificate, string? folder)
    {
        Host = host;
        Port = port;
        Password = password;
        Certificate = certificate;
        _folder = folder;
    }

    /// <summary>Whether <see cref="SharedAsync"/> can work on this machine.</summary>
    public static bool IsAvailable => External is not null || Program is not null;

    public string Host { get; }

    public int Port { get; }

    /// <summary>What <c>AUTH</c> asks for; null without one.</summary>
    public string? Password { get; }

    /// <summary>What the server shows its clients; null without TLS.</summary>
    public TestCertificate? Certificate { get; }

    public bool IsTls => Certificate is not null;

    /// <summary><c>redis://</c>, or <c>rediss://</c> with TLS, with the password in it.</summary>
    public Uri Address => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsTls ? "rediss" : "redis")}://{(Password is null ? string.Empty : $":{Uri.EscapeDataString(Password)}@")}{Host}:{Port}"));

    private static string? Program => InstalledProgram.Find("redis-server");

    private static string? External => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    /// <summary>
    /// The server that all tests of this process share, and in a full run other processes too: keys need a prefix of their own. Call
    /// <see cref="Requirement.Redis"/> first.
    /// </summary>
    public static async Task<RedisServer> SharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return _shared ??= External is { } external ? FromAddress(new Uri(external)) : await StartForProcessAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Starts a server of its own, for tests that stop or break it.</summary>
    public static async Task<RedisServer> StartAsync(string? password = null, bool isTls = false)
    {
        string folder = Directory.CreateTempSubdirectory("iskra-redis-").FullName;
        TestCertificate? certificate = isTls ? new TestCertificate() : null;
        certificate?.Write(folder);
        for (int attempt = 1; ; attempt++)
        {
            RedisServer server = new("127.0.0.1", LoopbackPort.Free(), password, certificate, folder);
            try
            {
                await server.RestartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another process may have taken the port in between.
            }
        }
    }

    /// <summary>kill -9. <see cref="RestartAsync"/> brings an empty server back.</summary>
    public async Task KillAsync()
    {
        ServerProcess process = _process ?? throw new InvalidOperationException("The server is an external one, or not running.");
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>Starts it again on the same port, empty.</summary>
    public async Task RestartAsync()
    {
        if (_folder is null)
        {
            throw new InvalidOperationException("The server is an external one.");
        }

        if (_process is not null)
        {
            await KillAsync();
        }

        _process = await ServerProcess.StartAsync(
            new ProcessStartInfo(Program ?? throw new InvalidOperationException("Redis is not installed."), Arguments(_folder)),
            IsAnsweringAsync,
            StartLimit);
    }

    /// <summary>Sends one command on a connection of its own; returns the text of a simple, error, integer or bulk reply.</summary>
    public async Task<string?> ExecuteAsync(CancellationToken cancellationToken, params string[] words)
    {
        using TcpClient client = new();
        await client.ConnectAsync(Host, Port, cancellationToken);
        await using Stream stream = await OpenAsync(client, cancellationToken);
        if (Password is not null)
        {
            await SendAsync(stream, ["AUTH", Password], cancellationToken);
            await ReadReplyAsync(stream, cancellationToken);
        }

        await SendAsync(stream, words, cancellationToken);
        return await ReadReplyAsync(stream, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Certificate?.Dispose();
        RemoveFolder();
    }

    private static RedisServer FromAddress(Uri address)
    {
        string password = address.UserInfo[(address.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return new RedisServer(
            address.Host, address.Port, password.Length == 0 ? null : Uri.UnescapeDataString(password), certificate: null, folder: null);
    }

    private static async Task<RedisServer> StartForProcessAsync()
    {
        RedisServer server = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server._process?.Stop();
            server.RemoveFolder();
        };
        return server;
    }

    private List<string> Arguments(string folder)
    {
        string port = Port.ToString(CultureInfo.InvariantCulture);
        List<string> arguments = ["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no", "--daemonize", "no"];
        arguments.AddRange(IsTls
            ?
            [
                "--port", "0", "--tls-port", port, "--tls-auth-clients", "no",
                "--tls-cert-file", Path.Combine(folder, "server.crt"),
                "--tls-key-file", Path.Combine(folder, "server.key"),
            ]
            : ["--port", port]);
        if (Password is not null)
        {
            arguments.AddRange(["--requirepass", Password]);
        }

        return arguments;
    }

    private async Task<bool> IsAnsweringAsync(CancellationToken cancellationToken) =>
        await ExecuteAsync(cancellationToken, "PING") == "PONG";

    private async Task<Stream> OpenAsync(TcpClient client, CancellationToken cancellationToken)
    {
        NetworkStream plain = client.GetStream();
        if (Certificate is not { } expected)
        {
            return plain;
        }

        SslStream secure = new(plain);
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => expected.Is(shown),
        };
        await secure.AuthenticateAsClientAsync(options, cancellationToken);
        return secure;
    }

    private static async Task SendAsync(Stream stream, string[] words, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (string word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static async Task<string?> ReadReplyAsync(Stream stream, CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(stream, cancellationToken);
        if (line[0] is '+' or '-' or ':')
        {
            return line[1..];
        }

        if (line[0] != '$')
        {
            throw new NotSupportedException($"A reply of the kind {line[0]} is not read here.");
        }

        int length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (length < 0)
        {
            return null;
        }

        byte[] body = new byte[length + 2];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return Encoding.UTF8.GetString(body, 0, length);
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        do
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            line.Add(one[0]);
        }
        while (line[^1] != (byte)'\n');
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
    }

    private void RemoveFolder()
    {
        if (_folder is not null)
        {
            TestFolder.Remove(_folder);
        }
    }
}
