using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Iskra.Testing;

/// <summary>
/// A RabbitMQ server for tests: the one that <c>ISKRA_TEST_RABBITMQ</c> names (<c>amqp://user:password@host:port/vhost</c>), or a throwaway
/// node on free loopback ports without plugins, started once per test process and stopped with it. A start takes seconds.
/// </summary>
public sealed class RabbitServer : IAsyncDisposable
{
    public const string Variable = "ISKRA_TEST_RABBITMQ";
    private const string User = "rabbitmq";
    private const int StartAttempts = 3;

    // What Debian's /usr/sbin/rabbitmq-server wraps; the wrapper refuses other users and other folders.
    private const string PackagedProgram = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string PackagedControl = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];
    private static RabbitServer? _shared;

    private readonly string? _folder;
    private readonly int _distributionPort = LoopbackPort.Free();
    private readonly int _epmdPort = LoopbackPort.Free();
    private ServerProcess? _epmd;
    private ServerProcess? _node;

    private RabbitServer(Uri address, string? folder)
    {
        Address = address;
        _folder = folder;
    }

    /// <summary>Whether <see cref="SharedAsync"/> can work on this machine.</summary>
    public static bool IsAvailable => External is not null || IsInstalled;

    /// <summary><c>amqp://user:password@host:port/vhost</c>.</summary>
    public Uri Address { get; }

    private static bool IsInstalled => File.Exists(PackagedProgram) && InstalledProgram.Find("epmd") is not null;

    private static string? External => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    /// <summary>
    /// The server that all tests of this process share, and in a full run other processes too: exchanges and queues need names of their
    /// own. Call <see cref="Requirement.Rabbit"/> first.
    /// </summary>
    public static async Task<RabbitServer> SharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return _shared ??= External is { } external ? new RabbitServer(new Uri(external), null) : await StartForProcessAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Starts a node of its own, for tests that stop or break it.</summary>
    public static async Task<RabbitServer> StartAsync()
    {
        if (!IsInstalled)
        {
            throw new InvalidOperationException("RabbitMQ is not installed.");
        }

        string folder = Directory.CreateTempSubdirectory("iskra-rabbitmq-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[].\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "rabbitmq.conf"), "log.file = false\nlog.console = true\ndisk_free_limit.absolute = 1MB\n");
        await ServerProcess.GiveAsync(folder, User);
        for (int attempt = 1; ; attempt++)
        {
            Uri address = new(string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{LoopbackPort.Free()}/"));
            RabbitServer server = new(address, folder);
            try
            {
                await server.RestartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another process may have taken a port in between.
                await server.StopAllAsync();
            }
        }
    }

    /// <summary>
    /// kill -9. What the node confirmed to publishers of durable queues is there again after <see cref="RestartAsync"/>, if the queues
    /// themselves are: RabbitMQ holds a new declaration in memory for some seconds. <see cref="SettleAsync"/> writes it down.
    /// </summary>
    public async Task KillAsync()
    {
        ServerProcess node = _node ?? throw new InvalidOperationException("The server is an external one, or not running.");
        _node = null;
        await node.DisposeAsync();
    }

    /// <summary>
    /// Makes what was declared so far survive a <see cref="KillAsync"/>: the schema, and the directory of quorum queues, without which such
    /// a queue is listed after the restart and never answers.
    /// </summary>
    public Task SettleAsync() => ControlAsync("eval", "[dets:sync(T) || T <- dets:all()], mnesia:sync_log().");

    /// <summary>Runs <c>rabbitmqctl</c> against the node, which takes seconds, and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public async Task<string> ControlAsync(params string[] words)
    {
        ProcessStartInfo start = WithEnvironment(ServerProcess.As(User, PackagedControl, words));
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process control = Process.Start(start)!;
        using CancellationTokenSource limit = new(StartLimit);
        Task<string> output = control.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = control.StandardError.ReadToEndAsync(limit.Token);
        await control.WaitForExitAsync(limit.Token);
        string text = await output;
        return control.ExitCode == 0
            ? text
            : throw new InvalidOperationException(
                $"rabbitmqctl {string.Join(' ', words)} ended with {control.ExitCode}: {text} {await errors}");
    }

    /// <summary>Starts it again on the same ports, with the data that it has.</summary>
    public async Task RestartAsync()
    {
        if (_node is not null)
        {
            await KillAsync();
        }

        // The node would start this daemon (the port mapper of Erlang) itself and leave it behind; as a child of ours it ends with us.
        _epmd ??= await ServerProcess.StartAsync(
            WithEnvironment(ServerProcess.As(
                User, InstalledProgram.Find("epmd")!, "-address", "127.0.0.1", "-port", _epmdPort.ToString(CultureInfo.InvariantCulture))),
            cancellationToken => LoopbackPort.IsOpenAsync(_epmdPort, cancellationToken),
            StartLimit);
        ProcessStartInfo start = WithEnvironment(ServerProcess.As(User, PackagedProgram, "-noinput"));
        _node = await ServerProcess.StartAsync(start, IsAnsweringAsync, StartLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        if (_folder is not null)
        {
            TestFolder.Remove(_folder);
        }
    }

    private static async Task<RabbitServer> StartForProcessAsync()
    {
        RabbitServer server = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server._node?.Stop();
            server._epmd?.Stop();
            TestFolder.Remove(server._folder!);
        };
        return server;
    }

    private async Task StopAllAsync()
    {
        foreach (ServerProcess? process in new[] { _node, _epmd })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _node = null;
        _epmd = null;
    }

    private ProcessStartInfo WithEnvironment(ProcessStartInfo start)
    {
        string folder = _folder ?? throw new InvalidOperationException("The server is an external one.");
        foreach (string inherited in start.Environment.Keys.Where(IsErlangs).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        // A name at localhost needs no host name that resolves. ALLOW_INPUT makes the script replace itself by the Erlang machine, so
        // that kill -9 reaches the broker and not a shell in front of it.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = folder;
        start.Environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data");
        start.Environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins");
        start.Environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf");
        start.Environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        start.Environment["RABBITMQ_NODENAME"] = "iskra@localhost";
        start.Environment["RABBITMQ_ALLOW_INPUT"] = "1";
        start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_NODE_PORT"] = Address.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        start.Environment["ERL_EPMD_PORT"] = _epmdPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        return start;
    }

    private static bool IsErlangs(string variable) =>
        variable.StartsWith("RABBITMQ_", StringComparison.Ordinal) || variable.StartsWith("ERL_", StringComparison.Ordinal);

    /// <summary>The first frame that a broker sends (connection.start, frame type 1) answers the protocol header.</summary>
    private async Task<bool> IsAnsweringAsync(CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(ProtocolHeader, cancellationToken);
        byte[] type = new byte[1];
        return await stream.ReadAsync(type, cancellationToken) == 1 && type[0] == 1;
    }
}
