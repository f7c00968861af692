namespace Wellmet.Science.Recommenders;

/// <summary>Solves one item's regression of <see cref="LocalRidge"/> straight from the histories, without a stored co-occurrence. The buffers are kept.</summary>
internal sealed class LiveSolver
{
    private readonly LiveHistories _histories;
    private readonly LocalRidgeSettings _settings;
    private readonly int _neighbours;
    private readonly DenseMatrix _matrix;
    private readonly Cholesky _cholesky;
    private readonly int[] _place;
    private readonly float[] _sums;
    private readonly List<int> _touched = [];

    public LiveSolver(LiveHistories histories, LocalRidgeSettings settings)
    {
        (_histories, _settings, _neighbours) = (histories, settings, LocalRidge.NeighboursOf(settings, histories.ItemCount));
        _matrix = DenseMatrix.ForColumns(_neighbours, _neighbours);
        _cholesky = new Cholesky(_matrix);
        _place = new int[histories.ItemCount];
        _sums = new float[histories.ItemCount];
        Array.Fill(_place, _neighbours);
    }

    /// <summary>The weights of the items that speak for <paramref name="item"/>; empty where the equations have no solution.</summary>
    public ItemRow Solve(int item)
    {
        var near = Closest(item, _neighbours);
        var targets = Array.ConvertAll(near, other => _sums[other]);
        FillMatrix(near);
        var solved = new ItemRow(near, targets);
        if (!_cholesky.TrySolve(near.Length, targets))
        {
            return ItemRow.Empty;
        }

        solved.Sort();
        return solved;
    }

    /// <summary>The items closest to one by cosine, the closest first.</summary>
    public int[] Closest(int item, int count)
    {
        SumRow(item);
        _touched.Remove(item);
        _sums[item] = 0;
        var items = _touched.ToArray();
        Array.Sort(Array.ConvertAll(items, other => -_sums[other] / MathF.Sqrt(_histories.Diagonal(other))), items);
        return items[..Math.Min(count, items.Length)];
    }

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

    private void FillMatrix(int[] near)
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

            row[i] = _histories.Diagonal(near[i]) * (1 + _settings.RelativeLambda) + _settings.Lambda;
        }

        foreach (var item in near)
        {
            _place[item] = _neighbours;
        }
    }
}
