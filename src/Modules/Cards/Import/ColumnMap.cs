using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Import;

/// <summary>Which column of the file holds what. The default fits the Fraud Detection Handbook's files.</summary>
internal sealed record ColumnMap
{
    public const string Example = "id=TRANSACTION_ID,time=TX_DATETIME,customer=CUSTOMER_ID,merchant=TERMINAL_ID,amount=TX_AMOUNT";

    public string Id { get; init; } = "TRANSACTION_ID";

    public string Time { get; init; } = "TX_DATETIME";

    public string Customer { get; init; } = "CUSTOMER_ID";

    public string Merchant { get; init; } = "TERMINAL_ID";

    public string Amount { get; init; } = "TX_AMOUNT";

    /// <summary>One text for the same map, whatever the order it was given in.</summary>
    public string Canonical => $"id={Id},time={Time},customer={Customer},merchant={Merchant},amount={Amount}";

    /// <exception cref="StartupException">The text is no map.</exception>
    public static ColumnMap Parse(string? text)
    {
        ColumnMap map = new();
        foreach (string pair in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string column = equals < 0 ? "" : pair[(equals + 1)..].Trim();
            map = column.Length == 0 ? throw Wrong(pair) : pair[..equals].Trim() switch
            {
                "id" => map with { Id = column },
                "time" => map with { Time = column },
                "customer" => map with { Customer = column },
                "merchant" => map with { Merchant = column },
                "amount" => map with { Amount = column },
                _ => throw Wrong(pair),
            };
        }

        return map;
    }

    /// <summary>Finds the columns in the file's first row.</summary>
    /// <exception cref="StartupException">Columns are missing: the message names them and those that are there.</exception>
    public ColumnPositions Locate(CsvRowReader header)
    {
        List<string> found = [];
        for (int index = 0; index < header.FieldCount; index++)
        {
            found.Add(header.Field(index).Trim().ToString());
        }

        string[] wanted = [Id, Time, Customer, Merchant, Amount];
        string[] missing = [.. wanted.Where(name => Find(found, name) < 0).Distinct()];
        if (missing.Length > 0)
        {
            throw new StartupException(
                ExitCode.Failure,
                $"The file has no column {string.Join(", ", missing)}. "
                + $"Its first line holds: {Shown(found)}. Name its columns with --map {Example}.");
        }

        return new ColumnPositions(
            Find(found, Id), Find(found, Time), Find(found, Customer), Find(found, Merchant), Find(found, Amount));
    }

    private static int Find(List<string> found, string name) =>
        found.FindIndex(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    // A file without a header would have its first row printed here, which may hold a card number.
    private static string Shown(List<string> found) =>
        string.Join(
            ", ", found.Take(30).Select(column => CardRegistry.CardNumber.MaskIfLikely(column.Length > 40 ? column[..40] + "…" : column)));

    private static StartupException Wrong(string pair) => new(
        ExitCode.Usage, $"--map: '{(pair.Length > 60 ? pair[..60] + "…" : pair)}' is not understood. Example: --map {Example}");
}

/// <summary>Where the columns are, from 0.</summary>
internal readonly record struct ColumnPositions(int Id, int Time, int Customer, int Merchant, int Amount)
{
    public int Last => Math.Max(Math.Max(Math.Max(Id, Time), Math.Max(Customer, Merchant)), Amount);
}
