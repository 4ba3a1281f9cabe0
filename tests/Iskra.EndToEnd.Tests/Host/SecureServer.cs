using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>One server over https for a class of tests, under a name of its own.</summary>
public sealed class SecureServer : IAsyncLifetime
{
    public const string Name = "iskra.example.org";

    private readonly TestFolder _folder = new();
    private IskraProcess? _iskra;

    public TestCertificate Certificate { get; } = new();

    public IskraProcess Iskra => _iskra ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _iskra = await IskraProcess.StartSecureAsync(
        _folder["data"], Certificate, new Dictionary<string, string?> { ["ISKRA__Http__AllowedHosts__0"] = Name });

    public async ValueTask DisposeAsync()
    {
        if (_iskra is not null)
        {
            await _iskra.DisposeAsync();
        }

        Certificate.Dispose();
        _folder.Dispose();
    }
}
