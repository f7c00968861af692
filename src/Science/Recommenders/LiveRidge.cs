namespace Wellmet.Science.Recommenders;

/// <summary>
/// <see cref="LocalRidge"/> kept current: an event changes the histories at once and marks the items whose weights it touches; a background worker
/// solves those anew from the histories as they are then. First come the item itself and what its buyer owns, closest to it, which it touches most; then
/// what else the item speaks for. In each of the two the oldest mark is first. What no time was left for stays as it was until the next training.
/// Who recommends reads what <see cref="Take"/> gives, which never changes. Safe for any number of threads; they wait for each other.
/// </summary>
public sealed class LiveRidge
{
    /// <summary>Own items marked with the new one to be solved soon: those closest to it.</summary>
    private const int MarksPerEvent = 60;

    private readonly Lock _gate = new();
    private readonly LiveHistories _histories;
    private readonly LiveSolver _solver;
    private readonly SparseMatrix _start;
    private readonly SparseMatrix _startColumns;
    private readonly Row?[] _rows;
    private readonly int[]?[] _supports;
    private readonly float[]? _itemFactors;
    private readonly Queue<int> _soon = new();
    private readonly Queue<int> _later = new();
    private readonly Mark[] _marks;
    private int _marked;

    /// <param name="interactions">What the weights were learned from.</param>
    /// <param name="weights">What <see cref="LocalRidge"/> learned, items × items, each column times its factor.</param>
    /// <param name="settings">The settings it was learned with; null for the defaults.</param>
    /// <param name="itemFactors">What the weights of each item were multiplied with, and will be; null for 1 each.</param>
    /// <exception cref="ArgumentException">They are about different numbers of items.</exception>
    public LiveRidge(Interactions interactions, SparseMatrix weights, LocalRidgeSettings? settings = null, float[]? itemFactors = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        ArgumentNullException.ThrowIfNull(weights);
        settings ??= new LocalRidgeSettings();
        if (weights.RowCount != interactions.ItemCount || itemFactors is not null && itemFactors.Length != interactions.ItemCount)
        {
            throw new ArgumentException($"Interactions are about {interactions.ItemCount} items, weights about {weights.RowCount}.", nameof(weights));
        }

        _histories = new LiveHistories(interactions, settings.UserExponent);
        _solver = new LiveSolver(_histories, settings);
        (_start, _startColumns, _itemFactors) = (weights, weights.Transpose(), itemFactors);
        _rows = new Row?[weights.RowCount];
        _supports = new int[]?[weights.RowCount];
        _marks = new Mark[weights.RowCount];
    }

    /// <summary>Number of items.</summary>
    public int ItemCount => _rows.Length;

    /// <summary>Number of items that wait to be solved anew.</summary>
    public int DirtyCount
    {
        get
        {
            lock (_gate)
            {
                return _marked;
            }
        }
    }

    /// <summary>The weights as they are now. Costs a pointer for each item.</summary>
    public IItemWeights Take()
    {
        lock (_gate)
        {
            return new Weights(_start, [.. _rows]);
        }
    }

    /// <summary>The items of a user, in no order; empty for one that was never seen.</summary>
    public int[] ItemsOf(int user)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(user);
        lock (_gate)
        {
            return _histories.ItemsOf(user).ToArray();
        }
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
                _solver.Forget(_histories.ItemsOf(user));
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
            if (_histories.ItemsOf(user).BinarySearch(item) >= 0)
            {
                // As they were marked when it was added: what is closest may be another set afterwards.
                MarkAround(user, item);
                _solver.Forget(_histories.ItemsOf(user));
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
                if (!TryTake(out var item))
                {
                    return solved;
                }

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
        MarkAs(item, Mark.Soon);
        var own = new HashSet<int>();
        foreach (var other in _histories.ItemsOf(user))
        {
            own.Add(other);
        }

        foreach (var near in _solver.Closest(item, ItemCount).Where(own.Contains).Take(MarksPerEvent))
        {
            MarkAs(near, Mark.Soon);
        }

        foreach (var spokenFor in Current(item).Items)
        {
            MarkAs(spokenFor, Mark.Later);
        }
    }

    private void MarkAs(int item, Mark mark)
    {
        if (_marks[item] < mark)
        {
            _marked += _marks[item] == Mark.None ? 1 : 0;
            _marks[item] = mark;
            (mark == Mark.Soon ? _soon : _later).Enqueue(item);
        }
    }

    /// <summary>What waited for later and is due sooner now stands in both queues, and counts in the first.</summary>
    private bool TryTake(out int item)
    {
        while (_soon.TryDequeue(out item) || _later.TryDequeue(out item))
        {
            if (_marks[item] != Mark.None)
            {
                _marks[item] = Mark.None;
                _marked--;
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts an item's new weights into the rows of the items that speak for it, and takes the old ones out of the others.</summary>
    private void Replace(int item, ItemRow solved)
    {
        foreach (var old in _supports[item] ?? _startColumns.Columns(item))
        {
            if (Array.BinarySearch(solved.Items, old) < 0)
            {
                _rows[old] = Current(old).Without(item);
            }
        }

        var factor = _itemFactors?[item] ?? 1;
        for (var at = 0; at < solved.Items.Length; at++)
        {
            var source = solved.Items[at];
            _rows[source] = Current(source).With(item, solved.Values[at] * factor);
        }

        _supports[item] = solved.Items;
    }

    private Row Current(int item) => _rows[item] ?? new Row(_start.Columns(item).ToArray(), _start.Values(item).ToArray());

    private enum Mark : byte
    {
        None,
        Later,
        Soon,
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

    /// <summary>What was learned, with those rows that changed since.</summary>
    private sealed class Weights(SparseMatrix start, Row?[] rows) : IItemWeights
    {
        public int ItemCount => rows.Length;

        public WeightRow RowOf(int item) => rows[item] is { } row ? new WeightRow(row.Items, row.Values) : new WeightRow(start.Columns(item), start.Values(item));
    }
}
