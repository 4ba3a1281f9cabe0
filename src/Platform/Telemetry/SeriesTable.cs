namespace Iskra.Platform.Telemetry;

/// <summary>
/// The label sets of one instrument, at most <c>seriesMax</c>. Finding a known one takes no lock and allocates nothing, in whatever
/// order the tags come; a new one is added under a lock; beyond the limit everything shares one overflow series.
/// </summary>
internal sealed class SeriesTable
{
    private readonly Lock _gate = new();
    private readonly int _seriesMax;
    private readonly Func<KeyValuePair<string, object?>[], string, MetricSeries> _create;
    private readonly Func<ReadOnlySpan<KeyValuePair<string, object?>>, string> _format;
    private readonly Node?[] _heads;
    private MetricSeries[] _all = [];
    private MetricSeries? _untagged;
    private MetricSeries? _overflow;
    private int _nodes;

    public SeriesTable(
        int seriesMax,
        Func<KeyValuePair<string, object?>[], string, MetricSeries> create,
        Func<ReadOnlySpan<KeyValuePair<string, object?>>, string> format)
    {
        _seriesMax = seriesMax;
        _create = create;
        _format = format;
        _heads = new Node?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(seriesMax, 4_096))];
    }

    /// <summary>Every series that has been measured, in order of appearance.</summary>
    public ReadOnlySpan<MetricSeries> All => Volatile.Read(ref _all);

    /// <summary>The series of a label set; <paramref name="overflowed"/> when the limit was reached before it came.</summary>
    public MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, out bool overflowed)
    {
        overflowed = false;
        if (tags.Length == 0 && Volatile.Read(ref _untagged) is { } untagged)
        {
            return untagged;
        }

        int hash = HashOf(tags);
        for (Node? node = Volatile.Read(ref _heads[hash & (_heads.Length - 1)]); node is not null; node = node.Next)
        {
            if (node.Hash == hash && SameTags(node.Tags, tags))
            {
                return node.Series;
            }
        }

        if (Volatile.Read(ref _overflow) is { } overflow)
        {
            overflowed = true;
            return overflow;
        }

        return AddNew(tags, hash, out overflowed);
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = tags.Length;
        foreach (ref readonly KeyValuePair<string, object?> tag in tags)
        {
            // A sum, so that the order of the tags doesn't matter.
            hash += unchecked(tag.Key.GetHashCode(StringComparison.Ordinal) * 31 ^ (tag.Value?.GetHashCode() ?? 0)) * -1640531535;
        }

        return hash ^ (hash >>> 15);
    }

    private static bool SameTags(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
        {
            return false;
        }

        for (int i = 0; i < tags.Length; i++)
        {
            if (!Same(known[i], tags[i]) && !ContainsTag(known, tags[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ContainsTag(KeyValuePair<string, object?>[] known, KeyValuePair<string, object?> tag)
    {
        foreach (KeyValuePair<string, object?> candidate in known)
        {
            if (Same(candidate, tag))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(KeyValuePair<string, object?> left, KeyValuePair<string, object?> right) =>
        string.Equals(left.Key, right.Key, StringComparison.Ordinal) && Equals(left.Value, right.Value);

    private MetricSeries AddNew(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash, out bool overflowed)
    {
        lock (_gate)
        {
            ref Node? head = ref _heads[hash & (_heads.Length - 1)];
            for (Node? node = head; node is not null; node = node.Next)
            {
                if (node.Hash == hash && SameTags(node.Tags, tags))
                {
                    overflowed = false;
                    return node.Series;
                }
            }

            overflowed = _nodes >= _seriesMax;
            if (overflowed)
            {
                return _overflow ?? AddOverflow();
            }

            string labels = _format(tags);
            KeyValuePair<string, object?>[] copy = tags.ToArray();
            MetricSeries series = Array.Find(_all, known => known.Labels == labels) ?? Append(_create(copy, labels));
            _nodes++;
            Volatile.Write(ref head, new Node(hash, copy, series, head));
            if (tags.Length == 0)
            {
                Volatile.Write(ref _untagged, series);
            }

            return series;
        }
    }

    private MetricSeries AddOverflow()
    {
        KeyValuePair<string, object?>[] tags = [new("overflow", "true")];
        MetricSeries series = Append(_create(tags, _format(tags)));
        Volatile.Write(ref _overflow, series);
        return series;
    }

    private MetricSeries Append(MetricSeries series)
    {
        Volatile.Write(ref _all, [.. _all, series]);
        return series;
    }

    // Two nodes may share a series: the tags 200 and "200" are different objects and the same label.
    private sealed record Node(int Hash, KeyValuePair<string, object?>[] Tags, MetricSeries Series, Node? Next);
}
