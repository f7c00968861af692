using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders;

/// <summary>
/// Interactions split for choosing settings: about a tenth of each customer's items, drawn at random, is kept aside, and the rest is learned from.
/// A customer always keeps at least one item on either side, or all of them to learn from.
/// </summary>
internal sealed class Holdout
{
    private const double Share = 0.1;
    private const ulong Seed = 20160101;

    public Holdout(Interactions interactions)
    {
        var random = new SeededRandom(Seed);
        var (kept, aside) = (new RowsBuilder(interactions.ItemCount), new RowsBuilder(interactions.ItemCount));
        for (var user = 0; user < interactions.UserCount; user++)
        {
            Split(interactions.Users, user, random, kept, aside);
        }

        Aside = aside.Build();
        var noOrders = new SparseMatrix(interactions.ItemCount, [0], [], []);
        Kept = new Interactions(kept.Build(), noOrders, [], []);
    }

    /// <summary>What is learned from; without orders and times.</summary>
    public Interactions Kept { get; }

    /// <summary>Users × items kept aside.</summary>
    public SparseMatrix Aside { get; }

    private static void Split(SparseMatrix users, int user, SeededRandom random, RowsBuilder kept, RowsBuilder aside)
    {
        var columns = users.Columns(user);
        var values = users.Values(user);
        var wanted = Math.Min(columns.Length - 1, (int)(columns.Length * Share + random.NextDouble()));
        for (var at = 0; at < columns.Length; at++)
        {
            // Selection sampling: every set of the wanted size is equally likely.
            var taken = wanted > 0 && random.Next(columns.Length - at) < wanted;
            wanted -= taken ? 1 : 0;
            (taken ? aside : kept).Add(columns[at], values[at]);
        }

        kept.EndRow();
        aside.EndRow();
    }

    private sealed class RowsBuilder(int columnCount)
    {
        private readonly List<int> _offsets = [0];
        private readonly List<int> _columns = [];
        private readonly List<float> _values = [];

        public void Add(int column, float value)
        {
            _columns.Add(column);
            _values.Add(value);
        }

        public void EndRow() => _offsets.Add(_columns.Count);

        public SparseMatrix Build() => new(columnCount, [.. _offsets], [.. _columns], [.. _values]);
    }
}
