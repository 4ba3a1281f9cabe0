using Iskra.Platform.Telemetry;
using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class ProcessSamplerTests
{
    [Fact]
    public void Sample_HalfOfTheProcessorsUsed_IsFiftyPercent()
    {
        using TestTelemetry telemetry = new();
        TestTimeProvider time = new();
        TimeSpan cpu = TimeSpan.Zero;
        ProcessSampler sampler = new(time, telemetry.Factory, () => cpu, () => 1_000);

        time.Advance(TimeSpan.FromSeconds(1));
        cpu = TimeSpan.FromSeconds(0.5 * Environment.ProcessorCount);
        Assert.Equal(new ProcessSample(50, 1_000), sampler.Sample());

        // A second reader in the same moment sees the same window, not an empty one.
        Assert.Equal(50, sampler.Sample().CpuPercent);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, sampler.Sample().CpuPercent);
    }
}
