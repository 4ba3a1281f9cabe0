using System.IO.Compression;
using System.Text;
using Iskra.Modules.Cards.Import;
using Iskra.Modules.Cards.Verification;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Import;

public abstract class ImportJobTests : StoreTests
{
    private const string Header = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD\n";

    [Fact]
    public async Task Run_SameFileTwice_PostsNothingTwice()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        string file = Write("a.csv", Rows(0, 300));
        ImportSummary first = await ImportAsync(ledger, file);
        Assert.Equal((300, 300, 0, 0), (first.Rows, first.Posted, first.Existing, first.Rejected));
        Assert.Equal(1 + 7 + 11, first.Accounts);
        ImportSummary second = await ImportAsync(ledger, file);
        Assert.Equal(300, second.Skipped);
        ImportSummary third = await ImportAsync(ledger, file, again: true);
        Assert.Equal((300, 0, 300, 0), (third.Rows, third.Posted, third.Existing, third.Rejected));
        Assert.Equal((0, 0), (third.Accounts, third.Funded));
        Assert.Equal(300 + first.Funded, ledger.Pipeline.CommittedTransfers);
        await AssertGoodAsync(ledger);
    }

    [Fact]
    public async Task Run_OverlappingFiles_PostEachRowOnceAndFundWhatIsShort()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        ImportSettings settings = Settings() with { FundingStepMinor = 20_000 };
        await ImportAsync(ledger, Write("a.csv", Rows(0, 300)), settings: settings);
        ImportSummary second = await ImportAsync(ledger, Write("b.csv", Rows(151, 450)), settings: settings);
        Assert.Equal((299, 150, 149, 0), (second.Rows, second.Posted, second.Existing, second.Rejected));
        await AssertGoodAsync(ledger);
    }

    [Fact]
    public async Task Run_BadRows_AreReportedWithLinesAndTheRestIsPosted()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        string text = "\uFEFF" + Header.Replace("\n", "\r\n", StringComparison.Ordinal)
            + "1,2018-04-01T00:00:31,5,6,10.00,0\r\n"
            + "2,2018-04-01T00:00:32,5,6,abc,0\r\n"
            + "3,never,5,6,1.00,0\r\n"
            + "4,2018-04-01T00:00:33,5\r\n"
            + "\"5\",\"2018-04-01T00:00:34\",\"5\",\"6\",\"1.00\",\"0\"\r\n"
            + "4111111111111111,2018-04-01T00:00:35,5,6,0,0\r\n"
            + $"{new string('9', 65)},2018-04-01T00:00:36,5,6,1.00,0\r\n";
        ImportSummary summary = await ImportAsync(ledger, Write("bad.csv", text));
        Assert.Equal((7, 2, 5), (summary.Rows, summary.Posted, summary.Rejected));
        string report = await File.ReadAllTextAsync(Rejects, TestContext.Current.CancellationToken);
        Assert.Equal(["line", "3", "4", "5", "7", "8"], report.TrimEnd().Split('\n').Select(line => line.Split(',')[0]));
        Assert.DoesNotContain("4111111111111111", report, StringComparison.Ordinal);
        Assert.DoesNotContain("never", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CutOffGzip_PostsWholeRowsAndSaysSo()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Rows(0, 5_000)), TestContext.Current.CancellationToken);
        }

        string path = Path.Combine(Options.Folder, "cut.csv.gz");
        await File.WriteAllBytesAsync(path, packed.ToArray()[..^1_000], TestContext.Current.CancellationToken);
        ImportSummary summary = await ImportAsync(ledger, path);
        Assert.NotNull(summary.BrokenOff);
        Assert.InRange(summary.Posted, 1, 4_999);
        Assert.Equal(0, summary.Rejected);

        // The whole file afterwards: only what was missing is posted.
        await File.WriteAllBytesAsync(path, packed.ToArray(), TestContext.Current.CancellationToken);
        ImportSummary whole = await ImportAsync(ledger, path);
        Assert.Equal((5_000, summary.Posted), (whole.Posted + whole.Existing, whole.Existing));
        await AssertGoodAsync(ledger);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "no line")]
    [InlineData("a;b;c\n1;2;3\n", "semicolons")]
    [InlineData(
        "id,when\n1,2\n", "no column TRANSACTION_ID, TX_DATETIME, CUSTOMER_ID, TERMINAL_ID, TX_AMOUNT. Its first line holds: id, when")]
    public async Task Run_FileWithoutItsColumns_IsOneClearLine(string text, string part)
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => ImportAsync(ledger, Write("x.csv", text)));
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CardNumbersAsCustomers_AreMaskedInAccountNames()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        await ImportAsync(ledger, Write("c.csv", Header + "1,2018-04-01T00:00:31,4111111111111111,6,10.00,0\n"));
        IReadOnlyList<string> names = await ledger.Database.ReadAsync(
            session => session.QueryAsync<string>("select name from cards_accounts order by key"));
        Assert.Equal(["Settlement for imports (RUB)", "Merchant 6", "Customer 411111…1111"], names);
    }

    [Fact]
    public async Task Export_AfterImport_HoldsEachTransfer()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        ImportSummary summary = await ImportAsync(ledger, Write("e.csv", Rows(0, 50)));
        using StringWriter writer = new();
        long rows = await ExportCommand.WriteAsync(
            ledger.Database, writer, new ExportFilter(TenantId.Default, null, null, null), CancellationToken.None);
        string[] lines = writer.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(50 + summary.Funded, rows);
        Assert.Equal(rows + 1, lines.Length);
        Assert.Equal(ExportCommand.Header, lines[0]);
        Assert.Contains(",post,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",RUB,,1,0,", lines[2], StringComparison.Ordinal);
    }

    private string Rejects => Path.Combine(Options.Folder, "rejects.csv");

    private static ImportSettings Settings() => new() { BatchRows = 40 };

    private static string Rows(int from, int to)
    {
        StringBuilder text = new(Header);
        for (int index = from; index < to; index++)
        {
            DateTime time = new DateTime(2018, 4, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(index * 3);
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{index},{time:yyyy-MM-ddTHH:mm:ss},{index % 7},{index % 11},{1 + (index * 37 % 90)}.{index % 100:00},0\n");
        }

        return text.ToString();
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(Options.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<ImportSummary> ImportAsync(LedgerHarness ledger, string path, bool again = false, ImportSettings? settings = null)
    {
        using ImportFile file = new(path);
        ImportCheckpoints checkpoints = new(ledger.Database, TenantId.Default, TimeProvider.System);
        ImportJob job = new(
            settings ?? Settings(), new PipelineTarget(ledger.Pipeline, TenantId.Default, TimeProvider.System), checkpoints,
            TimeProvider.System)
        {
            RejectsPath = Rejects,
            StartsAgain = again,
        };
        return await job.RunAsync(file, CancellationToken.None);
    }

    private static async Task AssertGoodAsync(LedgerHarness ledger)
    {
        VerificationReport report = await LedgerVerifier.RunAsync(ledger.Database, TimeProvider.System, null, CancellationToken.None);
        Assert.Empty(report.Differences);
    }
}

public sealed class SqliteImportJobTests : ImportJobTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

public sealed class PostgresImportJobTests : ImportJobTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
