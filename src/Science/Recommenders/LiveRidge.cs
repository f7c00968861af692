namespace Wellmet.Science.Recommenders;

/// <summary>
/// <see cref="LocalRidge"/> kept current: an event changes the histories at once and marks the items whose weights it touches most; a background worker
/// solves those anew from the histories as they are then, the oldest mark first. What no mark reaches stays as it was until the next training.
/// Reading (<see cref="RowOf"/>) never waits, for rows are immutable and replaced as a whole; all other members wait for each other.
/// </summary>
public sealed class LiveRidge : IItemWeights
{
    /// <summary>Own items marked with the new one: those closest to it. With 20, lists stay 95 % equal to a full rebuild after 10,000 events on 3,000 customers.</summary>
    private const int MarksPerEvent = 60;

    private readonly Lock _gate = new();
    private readonly LiveHistories _histories;
    private readonly LiveSolver _solver;
    private readonly Row[] _rows;
    private readonly int[][] _supports;
    private readonly Queue<int> _dirty = new();
    private readonly bool[] _isDirty;

    /// <param name="interactions">What the weights were learned from.</param>
    /// <param name="weights">What <see cref="LocalRidge"/> learned, items × items.</param>
    /// <param name="settings">The settings it was learned with; null for the defaults.</param>
    /// <exception cref="ArgumentException">The two are about different numbers of items.</exception>
    public LiveRidge(Interactions interactions, SparseMatrix weights, LocalRidgeSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        ArgumentNullException.ThrowIfNull(weights);
        settings ??= new LocalRidgeSettings();
        if (weights.RowCount != interactions.ItemCount)
        {
            throw new ArgumentException($"Interactions are about {interactions.ItemCount} items, weights about {weights.RowCount}.", nameof(weights));
        }

        _histories = new LiveHistories(interactions, settings.UserExponent);
        _solver = new LiveSolver(_histories, settings);
        _rows = [.. Enumerable.Range(0, weights.RowCount).Select(item => new Row(weights.Columns(item).ToArray(), weights.Values(item).ToArray()))];
        var columns = weights.Transpose();
        _supports = [.. Enumerable.Range(0, columns.RowCount).Select(item => columns.Columns(item).ToArray())];
        _isDirty = new bool[weights.RowCount];
    }

    /// <inheritdoc/>
    public int ItemCount => _rows.Length;

    /// <summary>Number of items that wait to be solved anew.</summary>
    public int DirtyCount
    {
        get
        {
            lock (_gate)
            {
                return _dirty.Count;
            }
        }
    }

    /// <inheritdoc/>
    public WeightRow RowOf(int item)
    {
        var row = Volatile.Read(ref _rows[item]);
        return new WeightRow(row.Items, row.Values);
    }

    /// <summary>A customer bought an item. Nothing happens where they have it already.</summary>
    /// <param name="user">Any index of 0 or more; new ones are new customers.</param>
    /// <param name="item">Product index.</param>
    /// <exception cref="ArgumentOutOfRangeException">The user is negative or the item is unknown.</exception>
    public void Add(int user, int item)
    {
        Check(user, item);
        lock (_gate)
        {
            if (_histories.Add(user, item))
            {
                MarkAround(user, item);
            }
        }
    }

    /// <summary>A purchase is undone: a refund, or the customer is erased. Nothing happens where they do not have the item.</summary>
    /// <inheritdoc cref="Add"/>
    public void Remove(int user, int item)
    {
        Check(user, item);
        lock (_gate)
        {
            if (_histories.ItemsOf(user).Contains(item))
            {
                // As they were marked when it was added: what is closest may be another set afterwards.
                MarkAround(user, item);
                _histories.Remove(user, item);
            }
        }
    }

    /// <summary>Solves marked items anew, and returns how many. Each takes about a millisecond, and others wait no longer than that.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops after the current one.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public int Refresh(int most, CancellationToken ct = default)
    {
        for (var solved = 0; solved < most; solved++)
        {
            ct.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (!_dirty.TryDequeue(out var item))
                {
                    return solved;
                }

                _isDirty[item] = false;
                Replace(item, _solver.Solve(item));
            }
        }

        return most;
    }

    private void Check(int user, int item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(user);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)ItemCount, nameof(item));
    }

    private void MarkAround(int user, int item)
    {
        Mark(item);
        var own = _histories.ItemsOf(user).ToHashSet();
        foreach (var near in _solver.Closest(item, ItemCount).Where(own.Contains).Take(MarksPerEvent))
        {
            Mark(near);
        }
    }

    private void Mark(int item)
    {
        if (!_isDirty[item])
        {
            _isDirty[item] = true;
            _dirty.Enqueue(item);
        }
    }

    /// <summary>Puts an item's new weights into the rows of the items that speak for it, and takes the old ones out of the others.</summary>
    private void Replace(int item, ItemRow solved)
    {
        foreach (var old in _supports[item])
        {
            if (Array.BinarySearch(solved.Items, old) < 0)
            {
                Volatile.Write(ref _rows[old], _rows[old].Without(item));
            }
        }

        for (var at = 0; at < solved.Items.Length; at++)
        {
            var source = solved.Items[at];
            Volatile.Write(ref _rows[source], _rows[source].With(item, solved.Values[at]));
        }

        _supports[item] = solved.Items;
    }

    /// <summary>What owning one item says, ascending by item; never changed.</summary>
    private sealed record Row(int[] Items, float[] Values)
    {
        public Row Without(int item)
        {
            var at = Array.BinarySearch(Items, item);
            return at < 0 ? this : new Row([.. Items[..at], .. Items[(at + 1)..]], [.. Values[..at], .. Values[(at + 1)..]]);
        }

        public Row With(int item, float value)
        {
            var at = Array.BinarySearch(Items, item);
            if (at < 0)
            {
                return new Row([.. Items[..~at], item, .. Items[~at..]], [.. Values[..~at], value, .. Values[~at..]]);
            }

            float[] values = [.. Values];
            values[at] = value;
            return new Row(Items, values);
        }
    }
}
