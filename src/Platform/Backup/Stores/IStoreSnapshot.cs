namespace Iskra.Platform.Backup.Stores;

/// <summary>One moment of the store, kept until it has been read.</summary>
internal interface IStoreSnapshot : IAsyncDisposable
{
    /// <summary>What the store says about itself at that moment.</summary>
    StoreFacts Facts { get; }

    /// <summary>Bytes to read; 0 when that isn't known.</summary>
    long Length { get; }

    /// <summary>The content; read once, to its end.</summary>
    Stream OpenRead();

    /// <summary>After the end was reached: throws when the content is not whole.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
