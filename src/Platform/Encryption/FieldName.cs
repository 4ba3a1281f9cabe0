using System.Text;

namespace Iskra.Platform.Encryption;

/// <summary>A column that holds sealed values; make one per column and keep it. Its names are bound into every value.</summary>
public sealed class FieldName
{
    private const int LengthMax = 63;

    private readonly byte[] _encoded;

    /// <param name="table">As in the database; renaming it later makes its values unreadable.</param>
    /// <param name="column">As in the database.</param>
    public FieldName(string table, string column)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.Length, LengthMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(column.Length, LengthMax);
        Table = table;
        Column = column;

        // Each name with its length before it: ("ab", "c") and ("a", "bc") must not be the same bytes.
        byte[] tableBytes = Encoding.UTF8.GetBytes(table);
        byte[] columnBytes = Encoding.UTF8.GetBytes(column);
        _encoded = [(byte)tableBytes.Length, .. tableBytes, (byte)columnBytes.Length, .. columnBytes];
    }

    public string Table { get; }

    public string Column { get; }

    internal ReadOnlySpan<byte> Encoded => _encoded;
}
