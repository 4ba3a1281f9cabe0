namespace Iskra.Platform.Tests.Data.Sqlite;

internal sealed class TestItem : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
