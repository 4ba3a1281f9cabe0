using System.Globalization;
using System.Text.RegularExpressions;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Import;

/// <summary>
/// A file of any size goes through the real program in bounded memory. <c>ISKRA_TEST_IMPORT_MIB</c> sets the size (default 64); the limit
/// on memory does not depend on it.
/// </summary>
public sealed partial class LargeImportTests
{
    private const string Variable = "ISKRA_TEST_IMPORT_MIB";
    private const long MebibytesDefault = 64;
    private const long PeakMemoryMebibytesMax = 640;
    private static readonly TimeSpan LimitPerMebibyte = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Mebibytes =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } size
            ? long.Parse(size, CultureInfo.InvariantCulture)
            : MebibytesDefault;

    [Fact]
    public async Task Import_LargeFile_PostsAllGoodRowsInBoundedMemory()
    {
        using TestFolder folder = new();
        LargeFile file = await LargeFile.WriteAsync(folder["payments.csv"], Mebibytes << 20, Cancellation);
        await using IskraProcess import = IskraProcess.StartCommand(
            null, "cards", "import", folder["payments.csv"], "--rejects", folder["rejects.csv"], "--data", folder["data"]);
        long peak = await import.WaitForPeakMemoryAsync(LimitPerMebibyte * Mebibytes);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Mebibytes} MiB, {file.Rows} rows, peak memory {peak >> 20} MiB\n{import.Output}");

        Assert.Equal(file.Rows, Figure(import.Output, "Rows"));
        Assert.Equal(file.Rows - file.BadRows, Figure(import.Output, "Posted"));
        Assert.Equal(file.BadRows, Figure(import.Output, "Rejected"));
        Assert.InRange(peak >> 20, 1, PeakMemoryMebibytesMax);
        await AssertRejectsAsync(folder["rejects.csv"], file);
    }

    // Line 1 is the header, so row 1,000 stands on line 1,001.
    private static async Task AssertRejectsAsync(string path, LargeFile file)
    {
        long found = 0;
        await foreach (string line in File.ReadLinesAsync(path, Cancellation))
        {
            if (found > 0)
            {
                Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{(found * 1_000) + 1},"), line, StringComparison.Ordinal);
            }

            found++;
        }

        Assert.Equal(file.BadRows, found - 1);
    }

    private static long Figure(string output, string name)
    {
        Match line = FigureLine().Matches(output).FirstOrDefault(match => match.Groups[1].Value == name)
            ?? throw new InvalidOperationException($"The output has no line {name}:\n{output}");
        return long.Parse(line.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\s*([A-Za-z]+)\s+([\d,]+)\b", RegexOptions.Multiline)]
    private static partial Regex FigureLine();
}
