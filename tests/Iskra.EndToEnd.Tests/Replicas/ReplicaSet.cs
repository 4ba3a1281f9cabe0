using Iskra.EndToEnd.Tests.Browser;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Replicas;

/// <summary>Two processes on one PostgreSQL, Redis and RabbitMQ behind nginx, which reads the file that <c>deploy</c> ships.</summary>
public sealed class ReplicaSet : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private PostgresDatabase? _database;
    private RedisServer? _redis;
    private RabbitServer? _rabbit;
    private NginxServer? _nginx;

    public IskraProcess[] Nodes { get; } = new IskraProcess[2];

    /// <summary>A client of the load balancer with the admin key.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Address => _nginx!.Address;

    /// <summary>What each process is started with, besides its address.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string DataFolder => _folder["data"];

    public static async Task<ReplicaSet> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        Requirement.Postgres();
        Requirement.Redis();
        Requirement.Rabbit();
        Requirement.Nginx();
        ReplicaSet set = new();
        try
        {
            await set.StartAllAsync(settings ?? new Dictionary<string, string?>());
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process again after it was killed; the load balancer finds it at its old address.</summary>
    public async Task RestartAsync(int node)
    {
        Uri address = Nodes[node].Address;
        await Nodes[node].DisposeAsync();
        Nodes[node] = await IskraProcess.StartAsync(DataFolder, Environment, address);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _nginx, Nodes[0], Nodes[1], _redis, _rabbit, _database })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private async Task StartAllAsync(IReadOnlyDictionary<string, string?> settings)
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _redis = await RedisServer.StartAsync();
        _rabbit = await RabbitServer.StartAsync();
        Environment["ISKRA_DATABASE"] = _database.ConnectionString;
        Environment["ISKRA_REDIS"] = FormattableString.Invariant($"redis://{_redis.Host}:{_redis.Port}");
        Environment["ISKRA_BROKER"] = _rabbit.Address.ToString();
        foreach ((string name, string? value) in settings)
        {
            Environment[name] = value;
        }

        // One after the other: the first makes the keys in the folder that both share.
        Nodes[0] = await IskraProcess.StartAsync(DataFolder, Environment);
        Nodes[1] = await IskraProcess.StartAsync(DataFolder, Environment);
        _nginx = await NginxServer.StartAsync(Configuration);
        Client = Nodes[0].CreateClient(IskraProcess.AdminKey, _nginx.Address);
    }

    private string Configuration(int port) =>
        File.ReadAllText(Path.Combine(WebSources.Repository(), "deploy", "nginx", "iskra.conf"))
            .Replace("iskra-1:5080", Nodes[0].Address.Authority, StringComparison.Ordinal)
            .Replace("iskra-2:5080", Nodes[1].Address.Authority, StringComparison.Ordinal)
            .Replace("listen 80;", FormattableString.Invariant($"listen 127.0.0.1:{port};"), StringComparison.Ordinal);
}
