using System.Security.Cryptography;

namespace Iskra.Platform.Encryption;

/// <summary>
/// An unwrapped data key in memory. Thread-safe. It is zeroed once it is retired and the last who uses it has finished; after that it
/// refuses, and its user asks for it again.
/// </summary>
internal sealed class DataKey
{
    private const int Retired = int.MinValue;

    private readonly byte[] _key;
    private AesGcm? _idle;
    private int _state;

    /// <summary>Owns <paramref name="key"/> from here on.</summary>
    public DataKey(long id, int tenant, string subject, int version, byte[] key, long loadedAt)
    {
        Id = id;
        Tenant = tenant;
        Subject = subject;
        Version = version;
        _key = key;
        LoadedAt = loadedAt;
    }

    /// <summary>For a key that its transaction's rollback kept out of the cache.</summary>
    ~DataKey() => CryptographicOperations.ZeroMemory(_key);

    public long Id { get; }

    public int Tenant { get; }

    public string Subject { get; }

    public int Version { get; }

    /// <summary>A timestamp of the clock, not an instant.</summary>
    public long LoadedAt { get; }

    /// <summary>For the cache's replacement.</summary>
    public bool WasUsed { get; set; }

    public bool IsRetired => Volatile.Read(ref _state) < 0;

    /// <summary>False when the key was retired in the meantime.</summary>
    public bool TrySeal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associatedData, Span<byte> value)
    {
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            SealedFormat.WriteHeader(value, Id, Version);
            Span<byte> nonce = SealedFormat.Nonce(value);
            RandomNumberGenerator.Fill(nonce);
            AesGcm aes = Take();
            aes.Encrypt(nonce, plain, SealedFormat.Text(value), SealedFormat.Tag(value), associatedData);
            Give(aes);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>False when the key was retired in the meantime.</summary>
    /// <exception cref="CryptographicException">The value was changed, or belongs elsewhere.</exception>
    public bool TryOpen(ReadOnlySpan<byte> value, ReadOnlySpan<byte> associatedData, Span<byte> plain)
    {
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            AesGcm aes = Take();
            aes.Decrypt(SealedFormat.Nonce(value), SealedFormat.Text(value), SealedFormat.Tag(value), plain, associatedData);
            Give(aes);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    public void Retire()
    {
        if (Interlocked.Or(ref _state, Retired) == 0)
        {
            Zero();
        }
    }

    private bool TryEnter()
    {
        int state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Retired)
        {
            Zero();
        }
    }

    // Preparing AES costs more than sealing a short field, so one prepared object is kept; it serves one user at a time.
    private AesGcm Take() => Interlocked.Exchange(ref _idle, null) ?? new AesGcm(_key, SealedFormat.TagSizeBytes);

    private void Give(AesGcm aes)
    {
        if (Interlocked.CompareExchange(ref _idle, aes, null) is not null)
        {
            aes.Dispose();
        }
    }

    private void Zero()
    {
        Interlocked.Exchange(ref _idle, null)?.Dispose();
        CryptographicOperations.ZeroMemory(_key);
    }
}
