using System.Diagnostics;
using System.Globalization;

namespace Iskra.Testing;

/// <summary>An nginx in the foreground with one worker on a free loopback port. The test writes the <c>http</c> block.</summary>
public sealed class NginxServer : IAsyncDisposable
{
    private const int StartAttempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private ServerProcess? _process;

    private NginxServer(int port, string folder)
    {
        Port = port;
        _folder = folder;
    }

    public static bool IsAvailable => Program is not null;

    public int Port { get; }

    /// <summary><c>http://127.0.0.1:port</c>.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    private static string? Program => InstalledProgram.Find("nginx");

    /// <summary>Starts it. Call <see cref="Requirement.Nginx"/> first.</summary>
    /// <param name="http">What stands inside <c>http { … }</c>, for the port to listen on: upstreams and servers.</param>
    public static async Task<NginxServer> StartAsync(Func<int, string> http)
    {
        string folder = Directory.CreateTempSubdirectory("iskra-nginx-").FullName;
        for (int attempt = 1; ; attempt++)
        {
            NginxServer server = new(LoopbackPort.Free(), folder);
            try
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(http(server.Port)));
                await server.RestartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another process may have taken the port in between.
            }
        }
    }

    /// <summary>kill -9, with its worker.</summary>
    public async Task KillAsync()
    {
        ServerProcess process = _process ?? throw new InvalidOperationException("It is not running.");
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        string program = Program ?? throw new InvalidOperationException("nginx is not installed.");
        _process = await ServerProcess.StartAsync(
            new ProcessStartInfo(program, ["-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-e", "stderr"]),
            cancellationToken => LoopbackPort.IsOpenAsync(Port, cancellationToken),
            StartLimit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        TestFolder.Remove(_folder);
    }

    // Paths are relative to the prefix. A worker of root would become nobody, who may not enter the folder.
    private static string Configuration(string http) =>
        $$"""
        {{(ServerProcess.IsRoot ? "user root;" : string.Empty)}}
        daemon off;
        pid nginx.pid;
        error_log stderr warn;
        worker_processes 1;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            {{http}}
        }
        """;
}
