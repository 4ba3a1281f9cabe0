using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Verification;

/// <summary>Computes the hash chain anew, block by block, and compares each link. The entries of one block are held at a time.</summary>
internal sealed class BlockChain
{
    private readonly VerificationReport _report;
    private readonly LedgerHead _head;
    private readonly JournalHash _hash = new();
    private readonly Func<long, Task<IReadOnlyList<BlockRow>>> _readAfter;
    private readonly List<JournalEntry> _entries = [];
    private readonly Queue<BlockRow> _blocks = new();
    private byte[] _previous = JournalHash.Genesis;
    private long _lastBlock;
    private long _lastSequence;
    private BlockRow? _current;

    /// <param name="report">Where differences go.</param>
    /// <param name="head">What the chain must end at.</param>
    /// <param name="readAfter">The next blocks after a number, in order; none at the end.</param>
    public BlockChain(VerificationReport report, LedgerHead head, Func<long, Task<IReadOnlyList<BlockRow>>> readAfter)
    {
        _report = report;
        _head = head;
        _readAfter = readAfter;
    }

    public async ValueTask AddAsync(JournalEntry entry)
    {
        while (_current is null || entry.Sequence > _current.LastSequence)
        {
            if (_current is not null)
            {
                Close(_current);
            }

            _current = await NextAsync();
            if (_current is null)
            {
                if (_entries.Count == 0)
                {
                    _report.Add($"Entry {entry.Sequence} belongs to no block.");
                }

                return;
            }
        }

        _entries.Add(entry);
    }

    public async Task EndAsync()
    {
        while (_current is not null || (_current = await NextAsync()) is not null)
        {
            Close(_current);
            _current = null;
        }

        if (_lastBlock != _head.Block || !_previous.AsSpan().SequenceEqual(_head.Hash))
        {
            _report.Add($"The hash chain ends at block {_lastBlock}, but not at the head's block {_head.Block} with the head's hash.");
        }
    }

    private async ValueTask<BlockRow?> NextAsync()
    {
        if (_blocks.Count == 0)
        {
            foreach (BlockRow block in await _readAfter(_current?.Block ?? _lastBlock))
            {
                _blocks.Enqueue(block);
            }
        }

        return _blocks.TryDequeue(out BlockRow? next) ? next : null;
    }

    private void Close(BlockRow block)
    {
        _report.Blocks++;
        if (block.Block != _lastBlock + 1 || block.FirstSequence != _lastSequence + 1 || block.LastSequence < block.FirstSequence)
        {
            _report.Add($"Block {block.Block} doesn't follow block {_lastBlock}.");
        }

        byte[] computed = _hash.Next(_previous, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries));
        if (!computed.AsSpan().SequenceEqual(block.Hash))
        {
            _report.Add(
                $"The hash of block {block.Block} (entries {block.FirstSequence} to {block.LastSequence}) is not the one of its entries.");
        }

        // From the stored hash on: one changed entry is one broken link, not all that follow.
        _previous = block.Hash;
        _lastBlock = block.Block;
        _lastSequence = block.LastSequence;
        _entries.Clear();
    }
}
