using System.Globalization;
using Iskra.Modules.Cards.CardRegistry;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// The report of refused rows: line, reason and the row's id, as CSV. Never the rest of the row, and no id that could be a card number.
/// The file is made with the first refusal.
/// </summary>
internal sealed class RejectReport : IDisposable
{
    private const int IdLengthMax = ImportRowParser.KeyLengthMax;

    private readonly bool _appends;
    private StreamWriter? _writer;

    public RejectReport(string path, bool appends)
    {
        Path = path;
        _appends = appends;
    }

    public string Path { get; }

    public long Count { get; private set; }

    public void Add(long line, string reason, string id)
    {
        Count++;
        if (_writer is null)
        {
            bool isNew = !_appends || !File.Exists(Path);
            _writer = new StreamWriter(Path, append: !isNew);
            if (isNew)
            {
                _writer.WriteLine("line,reason,id");
            }
        }

        string shown = CardNumber.MaskIfLikely(id.Length > IdLengthMax ? id[..IdLengthMax] : id);
        _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line},{CsvText.Quote(reason)},{CsvText.Quote(shown)}"));
    }

    public void Flush() => _writer?.Flush();

    public void Dispose() => _writer?.Dispose();
}
