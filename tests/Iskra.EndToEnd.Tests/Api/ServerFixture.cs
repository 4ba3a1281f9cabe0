using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Api;

/// <summary>One running server on an empty folder for the tests of one class.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private IskraProcess? _iskra;

    public IskraProcess Iskra => _iskra ?? throw new InvalidOperationException("The server was not started.");

    public async ValueTask InitializeAsync() => _iskra = await IskraProcess.StartAsync(_folder["data"]);

    public async ValueTask DisposeAsync()
    {
        if (_iskra is not null)
        {
            await _iskra.DisposeAsync();
        }

        _folder.Dispose();
    }
}
