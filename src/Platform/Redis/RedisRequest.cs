namespace Iskra.Platform.Redis;

/// <summary>A command whose answer is due.</summary>
internal sealed class RedisRequest(long sentAt) : TaskCompletionSource<RedisReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The clock's timestamp when it was queued.</summary>
    public long SentAt { get; } = sentAt;

    public void Answer(RedisReply reply)
    {
        if (reply.Kind == RedisReplyKind.Error)
        {
            TrySetException(RedisException.FromServer(reply.ToString()));
        }
        else
        {
            TrySetResult(reply);
        }
    }
}
