using System.Globalization;

namespace Iskra.EndToEnd.Tests.Api;

/// <summary>What a random test starts from: printed, and given back by <c>ISKRA_TEST_SEED</c> to repeat a run.</summary>
internal static class TestSeed
{
    private const string Variable = "ISKRA_TEST_SEED";

    public static int Take()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        Say($"seed: {Variable}={seed}");
        return seed;
    }

    public static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
