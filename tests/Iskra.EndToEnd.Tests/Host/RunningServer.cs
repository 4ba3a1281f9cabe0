using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>One server for a class of tests.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private IskraProcess? _iskra;

    public IskraProcess Iskra => _iskra ?? throw new InvalidOperationException("Not started.");

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
