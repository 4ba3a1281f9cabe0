using System.Text;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// Reads delimited text (RFC 4180) row by row from a stream of any length at constant memory. Unlike general CSV libraries it bounds a
/// row, and after a row that is too long or has a stray quote it goes on with the next line. Fields are valid until the next read.
/// </summary>
internal sealed class CsvRowReader : IDisposable
{
    /// <summary>Characters of one row, quotes included.</summary>
    public const int RowLengthMax = 64 * 1024;

    public const int FieldsMax = 256;

    private readonly StreamReader _reader;
    private readonly char[] _input = new char[64 * 1024];
    private readonly char[] _row = new char[RowLengthMax];
    private readonly int[] _ends = new int[FieldsMax];
    private int _inputAt;
    private int _inputLength;
    private int _rowLength;
    private long _nextLine = 1;
    private bool _quotedField;

    public CsvRowReader(Stream stream)
    {
        // The byte order mark decides between UTF-8 and UTF-16; what can't be decoded becomes U+FFFD and is refused by the row's parser.
        _reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
    }

    public char Separator { get; init; } = ',';

    /// <summary>The line that the current row starts on, from 1: a quoted field may hold line breaks.</summary>
    public long Line { get; private set; }

    public int FieldCount { get; private set; }

    /// <summary>What is wrong with the current row's form; null when nothing is.</summary>
    public string? Fault { get; private set; }

    public ReadOnlySpan<char> Field(int index)
    {
        int start = index == 0 ? 0 : _ends[index - 1];
        return _row.AsSpan(start, _ends[index] - start);
    }

    /// <summary>Moves to the next row that is not an empty line; false at the end.</summary>
    /// <exception cref="InvalidDataException">A compressed stream ends in the middle or is damaged.</exception>
    public bool Read()
    {
        do
        {
            if (!ReadRow())
            {
                return false;
            }
        }
        while (FieldCount == 1 && _ends[0] == 0 && Fault is null && !_quotedField);
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private bool ReadRow()
    {
        FieldCount = 0;
        Fault = null;
        _rowLength = 0;
        _quotedField = false;
        Line = _nextLine;
        if (!TryPeek(out _))
        {
            return false;
        }

        while (true)
        {
            bool ended = TryPeek(out char first) && first == '"' ? ReadQuoted() : ReadPlain();
            EndField();
            if (ended)
            {
                return true;
            }
        }
    }

    /// <summary>Copies up to a separator or the line's end in runs. True at the end of the row.</summary>
    private bool ReadPlain()
    {
        while (TryPeek(out _))
        {
            ReadOnlySpan<char> rest = _input.AsSpan(_inputAt, _inputLength - _inputAt);
            int stop = rest.IndexOfAny(Separator, '\n', '\r');
            Append(stop < 0 ? rest : rest[..stop]);
            _inputAt += stop < 0 ? rest.Length : stop;
            if (stop >= 0)
            {
                return EndsRow();
            }
        }

        return true;
    }

    private bool ReadQuoted()
    {
        _quotedField = true;
        _inputAt++;
        while (TryPeek(out _))
        {
            ReadOnlySpan<char> rest = _input.AsSpan(_inputAt, _inputLength - _inputAt);
            int stop = rest.IndexOf('"');
            ReadOnlySpan<char> part = stop < 0 ? rest : rest[..stop];

            // A quote that is never closed would swallow the file: the row ends at its limit instead.
            if (_rowLength + part.Length > RowLengthMax)
            {
                return SkipLine("has a quoted field that is not closed, or is longer than the limit");
            }

            Append(part);
            _nextLine += part.Count('\n');
            _inputAt += part.Length;
            if (stop < 0)
            {
                continue;
            }

            _inputAt++;
            if (!TryPeek(out char next))
            {
                return true;
            }

            if (next != '"')
            {
                return next == Separator || next is '\n' or '\r' ? EndsRow() : SkipLine("has text after a closing quote");
            }

            Append("\"");
            _inputAt++;
        }

        Fault ??= "has a quoted field that is not closed";
        return true;
    }

    /// <summary>At a separator or line break: steps over it. True for a line break.</summary>
    private bool EndsRow()
    {
        char stop = _input[_inputAt++];
        if (stop == Separator)
        {
            return false;
        }

        if (stop == '\r' && TryPeek(out char next) && next == '\n')
        {
            _inputAt++;
        }

        _nextLine++;
        return true;
    }

    private bool SkipLine(string fault)
    {
        Fault ??= fault;
        while (TryPeek(out _))
        {
            ReadOnlySpan<char> rest = _input.AsSpan(_inputAt, _inputLength - _inputAt);
            int stop = rest.IndexOf('\n');
            _inputAt += stop < 0 ? rest.Length : stop + 1;
            if (stop >= 0)
            {
                _nextLine++;
                break;
            }
        }

        return true;
    }

    private void Append(ReadOnlySpan<char> part)
    {
        if (_rowLength + part.Length > RowLengthMax)
        {
            Fault ??= "is longer than the limit";
            return;
        }

        part.CopyTo(_row.AsSpan(_rowLength));
        _rowLength += part.Length;
    }

    private void EndField()
    {
        if (FieldCount == FieldsMax)
        {
            Fault ??= "has too many fields";
            return;
        }

        _ends[FieldCount++] = _rowLength;
    }

    private bool TryPeek(out char next)
    {
        if (_inputAt == _inputLength)
        {
            _inputLength = _reader.Read(_input, 0, _input.Length);
            _inputAt = 0;
            if (_inputLength == 0)
            {
                next = default;
                return false;
            }
        }

        next = _input[_inputAt];
        return true;
    }
}
