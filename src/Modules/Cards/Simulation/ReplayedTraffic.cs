using Iskra.Modules.Cards.Import;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>
/// Payments from a file in the import's format, from its first row again after its last. Accounts are the same in every round; transfers
/// get new ids and the present time, for each round is new traffic and not an import.
/// </summary>
internal sealed class ReplayedTraffic : ITrafficSource
{
    private static readonly ImportSettings Settings = new() { Name = "replay", NamePrefix = "Replayed", RoundsAmounts = true };

    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly ImportPlan _plan = new(Settings);
    private readonly ImportBatch _batch = new(1);
    private ImportFile? _file;
    private CsvRowReader? _reader;
    private ImportRowParser? _parser;

    public ReplayedTraffic(string path, TimeProvider time)
    {
        _time = time;
        _path = path;
    }

    public void Next(int count, List<AccountRequest> accounts, List<TransferRequest> transfers)
    {
        int from = transfers.Count;
        int rewinds = 0;
        while (transfers.Count - from < count)
        {
            if (_reader is null)
            {
                // Twice within one call: there is hardly a good row in the file, and reading it on would never end.
                if (++rewinds > 2)
                {
                    throw new InvalidDataException("The file of the simulated traffic holds no payment.");
                }

                Rewind();
            }

            if (!_reader!.Read())
            {
                CloseReader();
                continue;
            }

            if (_parser!.Parse(_reader, out ImportRow row) is null)
            {
                Add(row, accounts, transfers);
                rewinds = 0;
            }
        }
    }

    public void Dispose() => CloseReader();

    private void Add(in ImportRow row, List<AccountRequest> accounts, List<TransferRequest> transfers)
    {
        _batch.Clear();
        _plan.Add(row, 1, _batch, isDone: false);
        accounts.AddRange(_batch.Accounts);
        foreach (TransferRequest transfer in _batch.Transfers.Span)
        {
            transfers.Add(transfer with { Id = Uuid.ToUInt128(Guid.CreateVersion7(_time.GetUtcNow())), OccurredAt = null });
        }
    }

    private void Rewind()
    {
        _file = new ImportFile(_path);
        _reader = new CsvRowReader(_file.OpenText());
        if (!_reader.Read())
        {
            throw new InvalidDataException("The file of the simulated traffic is empty.");
        }

        _parser = new ImportRowParser(Settings.Map.Locate(_reader), Settings);
    }

    private void CloseReader()
    {
        _reader?.Dispose();
        _file?.Dispose();
        _reader = null;
    }
}
