namespace Wellmet.Science.Recommenders;

/// <summary>
/// The plain item-item model to compare with: B[i, j] = N_ij / sqrt(N_i N_j) with N the numbers of customers, kept for the closest items of each
/// (Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001).
/// </summary>
public static class ItemCosine
{
    /// <summary>Learns B, items × items; row = the item owned.</summary>
    /// <param name="interactions">What was bought.</param>
    /// <param name="neighbours">Closest items kept per item, the item itself not counted.</param>
    /// <param name="run">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SparseMatrix Train(Interactions interactions, int neighbours, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        var gram = new Gram(interactions, 0, neighbours, run);
        var rows = new ItemRow[gram.ItemCount];
        for (var item = 0; item < rows.Length; item++)
        {
            rows[item] = gram.Row(item);
            for (var at = 0; at < rows[item].Items.Length; at++)
            {
                rows[item].Values[at] /= MathF.Sqrt(gram.Diagonal(item) * gram.Diagonal(rows[item].Items[at]));
            }

            rows[item].Sort();
        }

        return ItemRow.ToMatrix(rows, gram.ItemCount);
    }
}
