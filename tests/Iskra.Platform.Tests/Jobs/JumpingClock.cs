using Iskra.Testing;

namespace Iskra.Platform.Tests.Jobs;

/// <summary>A clock whose wall time can be set wrong while its monotonic time goes on.</summary>
internal sealed class JumpingClock(TestTimeProvider inner) : TimeProvider
{
    public TimeSpan Jump { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Jump;

    public override long GetTimestamp() => inner.GetTimestamp();
}
