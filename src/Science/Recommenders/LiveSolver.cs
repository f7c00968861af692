namespace Wellmet.Science.Recommenders;

/// <summary>
/// Solves one item's regression of <see cref="LocalRidge"/> straight from the histories, without a stored co-occurrence; a pair that training would not know, because it lies beyond the
/// cut of both rows, is left out here, too. The buffers are kept.
/// </summary>
internal sealed class LiveSolver
{
    private readonly LiveHistories _histories;
    private readonly LocalRidgeSettings _settings;
    private readonly int _neighbours;
    private readonly DenseMatrix _matrix;
    private readonly Cholesky _cholesky;
    private readonly int[] _place;
    private readonly float[] _sums;
    private readonly int _rowLength;

    /// <summary>For each item the closeness of the last entry that training would keep in its row; below all for a row that is not cut; NaN where nobody has looked.</summary>
    private readonly float[] _cuts;
    private readonly List<int> _touched = [];

    public LiveSolver(LiveHistories histories, LocalRidgeSettings settings)
    {
        (_histories, _settings, _neighbours) = (histories, settings, LocalRidge.NeighboursOf(settings, histories.ItemCount));
        _matrix = DenseMatrix.ForColumns(_neighbours, _neighbours);
        _cholesky = new Cholesky(_matrix);
        _place = new int[histories.ItemCount];
        _sums = new float[histories.ItemCount];
        _rowLength = LocalRidge.RowLengthOf(settings, histories.ItemCount);
        _cuts = new float[histories.ItemCount];
        Array.Fill(_place, _neighbours);
        Array.Fill(_cuts, float.NaN);
    }

    /// <summary>These items' rows have changed.</summary>
    public void Forget(ReadOnlySpan<int> items)
    {
        foreach (var item in items)
        {
            _cuts[item] = float.NaN;
        }
    }

    /// <summary>The weights of the items that speak for <paramref name="item"/>; empty where the equations have no solution.</summary>
    public ItemRow Solve(int item)
    {
        var near = Closest(item, _neighbours);
        var targets = Array.ConvertAll(near, other => _sums[other]);
        FindCuts(near);
        var penalty = _settings.Lambda;
        for (var attempt = 0; attempt < LocalRidge.MaxAttempts; attempt++, penalty *= 2)
        {
            FillMatrix(near, penalty);
            if (_cholesky.TrySolve(near.Length, targets))
            {
                var solved = new ItemRow(near, targets);
                solved.Sort();
                return solved;
            }
        }

        return ItemRow.Empty;
    }

    /// <summary>The items closest to one by cosine, the closest first.</summary>
    public int[] Closest(int item, int count)
    {
        SumRow(item);
        _touched.Remove(item);
        _sums[item] = 0;
        var items = _touched.ToArray();
        Array.Sort(Array.ConvertAll(items, other => -Closeness(_sums[other], other)), items);
        return items[..Math.Min(count, items.Length)];
    }

    private float Closeness(float sum, int other) => sum * (1 / MathF.Sqrt(_histories.Diagonal(other)));

    private void FindCuts(int[] near)
    {
        foreach (var item in near.Where(item => float.IsNaN(_cuts[item])))
        {
            SumRow(item);
            var others = _touched.Count - 1;
            _cuts[item] = float.NegativeInfinity;
            if (others >= _rowLength)
            {
                var closeness = _touched.Where(other => other != item).Select(other => Closeness(_sums[other], other)).ToArray();
                Array.Sort(closeness);
                _cuts[item] = closeness[^_rowLength];
            }
        }
    }

    private bool IsKept(int item, int other, float sum) => Closeness(sum, other) >= _cuts[item] || Closeness(sum, item) >= _cuts[other];

    private void SumRow(int item)
    {
        foreach (var touched in _touched)
        {
            _sums[touched] = 0;
        }

        _touched.Clear();
        foreach (var user in _histories.UsersOf(item))
        {
            var weight = _histories.Weight(user);
            foreach (var other in _histories.ItemsOf(user))
            {
                if (_sums[other] == 0)
                {
                    _touched.Add(other);
                }

                _sums[other] += weight;
            }
        }
    }

    private void FillMatrix(int[] near, float penalty)
    {
        for (var i = 0; i < near.Length; i++)
        {
            _place[near[i]] = i;
        }

        for (var i = 0; i < near.Length; i++)
        {
            var row = _matrix.Row(i);
            row.Clear();
            foreach (var user in _histories.UsersOf(near[i]))
            {
                var weight = _histories.Weight(user);
                foreach (var other in _histories.ItemsOf(user))
                {
                    row[_place[other]] += weight;
                }
            }

            for (var j = 0; j < near.Length; j++)
            {
                row[j] = IsKept(near[i], near[j], row[j]) ? row[j] : 0;
            }

            row[i] = _histories.Diagonal(near[i]) * (1 + _settings.RelativeLambda) + penalty;
        }

        foreach (var item in near)
        {
            _place[item] = _neighbours;
        }
    }
}
