namespace Iskra.Platform.Encryption;

/// <summary>
/// The erasure shares: one random half of each subject key's wrapping, kept outside the database and outside its backups. Destroying a
/// share makes every copy of the subject's wrapped key worthless, wherever it lies. A share is made once, read, and destroyed; its number
/// is never given out twice, whatever state the database was restored to.
/// </summary>
internal interface IErasureStore : IAsyncDisposable
{
    /// <summary>Tells stores apart: the database remembers which one its subjects' keys need.</summary>
    Guid Id { get; }

    /// <summary>For people: a path or a server, without secrets.</summary>
    string Description { get; }

    /// <summary>Makes shares, durable when it returns, and gives their numbers.</summary>
    ValueTask<IReadOnlyList<long>> AllocateAsync(int count, CancellationToken cancellationToken);

    /// <summary>The share; null when it was destroyed or never made.</summary>
    ValueTask<byte[]?> ReadAsync(long slot, CancellationToken cancellationToken);

    /// <summary>Destroys a share for good, durably. Good when it is destroyed already.</summary>
    ValueTask DestroyAsync(long slot, CancellationToken cancellationToken);
}
