using System.Globalization;
using System.Text;

namespace Iskra.EndToEnd.Tests.Import;

/// <summary>A file of card payments of a given size, written a line at a time. Every thousandth row has no readable amount.</summary>
internal sealed class LargeFile
{
    private const int Customers = 5_000;
    private const int Terminals = 1_000;
    private const int BadEvery = 1_000;

    private LargeFile(long rows, long bad)
    {
        Rows = rows;
        BadRows = bad;
    }

    public long Rows { get; }

    public long BadRows { get; }

    public static async Task<LargeFile> WriteAsync(string path, long bytes, CancellationToken cancellationToken)
    {
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20, useAsync: true);
        await using StreamWriter writer = new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        await writer.WriteAsync("TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT\n".AsMemory(), cancellationToken);
        DateTime time = new(2018, 4, 1, 0, 0, 0, DateTimeKind.Utc);
        long rows = 0;
        long bad = 0;
        StringBuilder line = new();
        for (long written = 0; written < bytes; written += line.Length)
        {
            bool isBad = ++rows % BadEvery == 0;
            bad += isBad ? 1 : 0;
            line.Clear().Append(
                CultureInfo.InvariantCulture,
                $"{rows},{time.AddMilliseconds(rows * 100):yyyy-MM-ddTHH:mm:ss},{rows * 31 % Customers},{rows * 17 % Terminals},");
            line.Append(CultureInfo.InvariantCulture, $"{(isBad ? "none" : $"{1 + (rows % 90)}.{rows % 100:00}")}\n");
            foreach (ReadOnlyMemory<char> chunk in line.GetChunks())
            {
                await writer.WriteAsync(chunk, cancellationToken);
            }
        }

        return new LargeFile(rows, bad);
    }
}
