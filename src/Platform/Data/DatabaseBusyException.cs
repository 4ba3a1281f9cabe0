namespace Iskra.Platform.Data;

/// <summary>The write queue is full. Answered with 503 and <c>Retry-After</c>; nothing was written.</summary>
public sealed class DatabaseBusyException : Exception
{
    public DatabaseBusyException(string message)
        : base(message)
    {
    }
}
