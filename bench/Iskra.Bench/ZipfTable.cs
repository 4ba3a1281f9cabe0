namespace Iskra.Bench;

/// <summary>
/// Picks numbers with Zipf's distribution in constant time (Vose's alias method): a few accounts get most of the traffic.
/// </summary>
internal sealed class ZipfTable
{
    private readonly double[] _share;
    private readonly int[] _alias;

    public ZipfTable(int count, double exponent)
    {
        double[] weights = [.. Enumerable.Range(1, count).Select(rank => Math.Pow(rank, -exponent))];
        double sum = weights.Sum();
        _share = [.. weights.Select(weight => weight * count / sum)];
        _alias = [.. Enumerable.Range(0, count)];
        Stack<int> small = new(Enumerable.Range(0, count).Where(index => _share[index] < 1));
        Stack<int> large = new(Enumerable.Range(0, count).Where(index => _share[index] >= 1));
        while (small.Count > 0 && large.Count > 0)
        {
            int under = small.Pop();
            int over = large.Pop();
            _alias[under] = over;
            _share[over] -= 1 - _share[under];
            (_share[over] < 1 ? small : large).Push(over);
        }
    }

#pragma warning disable CA5394 // Repeatable numbers are what a benchmark wants.
    public int Pick(Random random)
    {
        int index = random.Next(_share.Length);
        return random.NextDouble() < _share[index] ? index : _alias[index];
    }
#pragma warning restore CA5394
}
