using System.Net;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Data;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Security;

/// <summary>The security services on a store of their own and a clock that stands still. A second process on the same store is another
/// <see cref="Start"/>.</summary>
internal sealed class TestSecurity : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TestStore _store;
    private readonly List<ServiceProvider> _others = [];
    private readonly ServiceProvider _provider;

    private TestSecurity(TestStore store, Database database, TestTimeProvider time, ServiceProvider provider)
    {
        _store = store;
        Database = database;
        Time = time;
        _provider = provider;
    }

    public Database Database { get; }

    public TestTimeProvider Time { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<TestSecurity> StartAsync(params IEnumerable<KeyValuePair<string, string?>> settings) =>
        StartAsync(DatabaseEngine.Sqlite, settings);

    public static async Task<TestSecurity> StartAsync(DatabaseEngine engine, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        TestStore store = await TestStore.CreateAsync(engine);
        TestTimeProvider time = new();
        Database database = await Database.OpenAsync(store.Options, [], StoreAccess.Exclusive);
        return new TestSecurity(store, database, time, Build(store, database, time, settings));
    }

    /// <summary>Another process on the same store.</summary>
    public IServiceProvider Start(params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        ServiceProvider provider = Build(_store, Database, Time, settings);
        _others.Add(provider);
        return provider;
    }

    /// <summary>The same store with other settings, as a second start sees it.</summary>
    public T GetWith<T>(string key, string value)
        where T : notnull => Start(new KeyValuePair<string, string?>(key, value)).GetRequiredService<T>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public Task<NewApiKey> CreateKeyAsync(params string[] scopes) => CreateKeyAsync(TenantId.Default, scopes);

    public Task<NewApiKey> CreateKeyAsync(TenantId tenant, params string[] scopes) =>
        Get<ApiKeys>().CreateAsync(tenant, "k", scopes, null, KeyOrigin.Created, null, Token);

    public async Task<TenantId> CreateTenantAsync(string slug) =>
        (await Get<Tenants>().CreateAsync(slug, slug, null, Token))!.TenantId;

    public async Task<User> CreateUserAsync(string login, TenantId tenant, params string[] roles)
    {
        string? hash = await Get<PasswordHasher>().HashAsync(Password, Token);
        return (await Get<UserStore>().CreateAsync(tenant, login, login, roles, [], hash, null, Token))!;
    }

    public Task<SignInResult> SignInAsync(
        string login, string password = Password, string address = "203.0.113.1", string? tenant = null) =>
        Get<UserSignIn>().CheckAsync(tenant, login, password, IPAddress.Parse(address), Token);

    /// <summary>A user's access and refresh token, as the token endpoint gives them.</summary>
    public async Task<(string Access, RefreshGrant Refresh)> GrantAsync(string login, string? tenant = null)
    {
        Caller caller = (await SignInAsync(login, tenant: tenant)).Caller!;
        RefreshGrant grant = await Get<RefreshTokens>().OpenAsync(caller, "", "test", Token);
        return (await IssueAsync(caller, grant.FamilyId), grant);
    }

    public async Task<string> IssueAsync(Caller caller, Guid? family = null) =>
        (await Get<AccessTokens>().IssueAsync(caller, Scopes.Join(caller.Scopes), family, "test", Token))!.Value.Token;

    public ValueTask<Caller?> FindAsync(string bearer) => Get<Authenticator>().ByBearerAsync(bearer.AsMemory(), Token);

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider other in _others)
        {
            await other.DisposeAsync();
        }

        await _provider.DisposeAsync();
        await Database.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static ServiceProvider Build(
        TestStore store, Database database, TestTimeProvider time, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(_ => database);
        services.AddSingleton(Options.Create(store.Options));

        // Six hundred thousand rounds would be most of the time that these tests take.
        services.AddSingleton(provider => new PasswordHasher(
            provider.GetRequiredService<IOptions<PasswordOptions>>().Value, provider.GetRequiredService<SecurityMetrics>(), 1_000));
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        services.AddIskraSecurity(configuration);
        return services.BuildServiceProvider();
    }
}
