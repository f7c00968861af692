namespace Wellmet.Science.Recommenders;

/// <summary>
/// Rows of the item-item co-occurrence matrix G = Xᵀ diag(w) X, made one at a time from the groups (users or orders) × items matrix X
/// taken as 0/1, so that the dense matrix never exists (Gustavson, "Two fast algorithms for sparse matrices", TOMS 1978).
/// A row costs the sum over the item's groups of the group sizes. One instance per thread.
/// </summary>
internal sealed class CoOccurrence(SparseMatrix groups, SparseMatrix items, float[]? groupWeights)
{
    private readonly float[] _sums = new float[items.RowCount];
    private readonly int[] _touched = new int[items.RowCount];
    private int _touchedCount;

    /// <summary>The items that share a group with the current item, itself included, in the order they were met.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

    /// <summary>The current row: for each touched item the sum of the shared groups' weights; 0 elsewhere.</summary>
    public ReadOnlySpan<float> Sums => _sums;

    /// <summary>Makes <paramref name="item"/> the current row. Sums run over groups in ascending order, so they are the same on any thread.</summary>
    public void MoveTo(int item)
    {
        foreach (var touched in Touched)
        {
            _sums[touched] = 0;
        }

        _touchedCount = 0;
        foreach (var group in items.Columns(item))
        {
            AddGroup(groups.Columns(group), groupWeights is null ? 1 : groupWeights[group]);
        }
    }

    private void AddGroup(ReadOnlySpan<int> members, float weight)
    {
        var sums = _sums;
        foreach (var member in members)
        {
            var sum = sums[member];
            if (sum == 0)
            {
                _touched[_touchedCount++] = member;
            }

            sums[member] = sum + weight;
        }
    }
}
