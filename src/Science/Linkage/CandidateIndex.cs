namespace Wellmet.Science.Linkage;

/// <summary>
/// Which pairs of records are worth comparing. Each pass puts every record into at most one block by its key; blocks above the limit are parted by further
/// codes, so that the pairs grow with the records and not with their square. About 8 bytes a record and pass. Safe for any number of readers.
/// </summary>
internal sealed class CandidateIndex
{
    private const int LastOfBlock = int.MinValue;

    private readonly PersonRecords _records;
    private readonly int _secondFrom, _limit;

    /// <summary>For each pass: where each record stands among the members; -1 for nowhere.</summary>
    private readonly int[][] _positions;

    /// <summary>For each pass: the records of its blocks, ascending within a block; the last of a block is marked.</summary>
    private readonly int[][] _members;

    /// <param name="records">All records, of both files where two are linked.</param>
    /// <param name="secondFrom">The first record of the second file; 0 where duplicates in one file are sought.</param>
    /// <param name="limit">The largest block.</param>
    public CandidateIndex(PersonRecords records, int secondFrom, int limit, ParallelOptions options)
    {
        (_records, _secondFrom, _limit) = (records, secondFrom, limit);
        var codes = new BlockingCodes(records);
        var passes = codes.Passes();
        _positions = new int[passes.Count][];
        _members = new int[passes.Count][];
        Parallel.For(0, passes.Count, options, pass => (_positions[pass], _members[pass]) = Build(passes[pass], codes.Parting(passes[pass])));
    }

    /// <summary>Records that begin a pair: those of the first file, or all.</summary>
    public int Beginnings => _secondFrom == 0 ? _records.Count : _secondFrom;

    /// <summary>All pairs that could be compared, of one beginning.</summary>
    public long PairsFrom(int record) => _secondFrom == 0 ? _records.Count - 1 - record : _records.Count - _secondFrom;

    /// <summary>All pairs that could be compared.</summary>
    public double Pairs => _secondFrom == 0 ? _records.Count * (_records.Count - 1.0) / 2 : (double)_secondFrom * (_records.Count - _secondFrom);

    /// <summary>Buffers for one reader.</summary>
    public Reader NewReader() => new(this);

    private (int[] Positions, int[] Members) Build(BlockingCode[] pass, IReadOnlyList<BlockingCode> parting)
    {
        var keys = new ulong[_records.Count];
        var ids = new int[_records.Count];
        var isEitherWay = FieldKinds.AreNeighbours(pass[0].Column.Field.Kind, pass[^1].Column.Field.Kind);
        var count = 0;
        for (var record = 0; record < _records.Count; record++)
        {
            var (one, other) = (pass[0][record], pass[^1][record]);
            if (one != 0 && other != 0)
            {
                // What stands in each other's fields is to meet.
                (one, other) = isEitherWay && one > other ? (other, one) : (one, other);
                (keys[count], ids[count]) = (((ulong)one << 32) | other, record);
                count++;
            }
        }

        var members = new List<int>();
        Part(keys.AsSpan(0, count), ids.AsSpan(0, count), parting, 0, members);
        var positions = new int[_records.Count];
        positions.AsSpan().Fill(-1);
        for (var at = 0; at < members.Count; at++)
        {
            positions[members[at] & int.MaxValue] = at;
        }

        return (positions, [.. members]);
    }

    /// <summary>Makes blocks of records with the same key; those too large are parted by the next code, at last by their number.</summary>
    private void Part(Span<ulong> keys, Span<int> ids, IReadOnlyList<BlockingCode> parting, int depth, List<int> members)
    {
        keys.Sort(ids);
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from + 1; to < keys.Length && keys[to] == keys[from]; to++)
            {
            }

            var block = ids[from..to];
            if (block.Length <= _limit)
            {
                Close(block, members);
            }
            else if (depth == parting.Count)
            {
                block.Sort();
                for (var at = 0; at < block.Length; at += _limit)
                {
                    Close(block[at..Math.Min(block.Length, at + _limit)], members);
                }
            }
            else
            {
                for (var at = from; at < to; at++)
                {
                    keys[at] = parting[depth][ids[at]];
                }

                Part(keys[from..to], block, parting, depth + 1, members);
            }
        }
    }

    private void Close(Span<int> block, List<int> members)
    {
        block.Sort();
        if (block.Length > 1 && (_secondFrom == 0 || (block[0] < _secondFrom && block[^1] >= _secondFrom)))
        {
            members.AddRange(block);
            members[^1] |= LastOfBlock;
        }
    }

    /// <summary>Finds the candidates of one record after the other. Not safe for several threads at once.</summary>
    public sealed class Reader(CandidateIndex index)
    {
        private readonly int[] _seenBy = NewStamps(index._records.Count);
        private readonly List<int> _found = [];

        /// <summary>The second records of the pairs that begin with this one, each once, in no particular but a repeatable order. Valid until the next call.</summary>
        public IReadOnlyList<int> CandidatesOf(int record)
        {
            _found.Clear();
            var from = Math.Max(record + 1, index._secondFrom);
            for (var pass = 0; pass < index._positions.Length; pass++)
            {
                var members = index._members[pass];
                for (var at = index._positions[pass][record]; at >= 0 && members[at] >= 0;)
                {
                    var other = members[++at] & int.MaxValue;
                    if (other >= from && _seenBy[other] != record)
                    {
                        _seenBy[other] = record;
                        _found.Add(other);
                    }
                }
            }

            return _found;
        }

        private static int[] NewStamps(int count)
        {
            var stamps = new int[count];
            stamps.AsSpan().Fill(-1);
            return stamps;
        }
    }
}
