namespace Wellmet.Science.Recommenders;

/// <summary>
/// How often, and how close in time, items are bought by the same customers: for one item at a time, the number of common customers and
/// W = Σ over them of d^-a decay^(orders between the two purchases) r^b, with the number d of a customer's items and the recency r of the older one, counting orders from each
/// item's first purchase. Safe for any number of readers.
/// </summary>
internal sealed class ClosePairs
{
    private readonly Interactions _interactions;
    private readonly int[][] _ranks;
    private readonly float[] _decay;

    /// <summary>d^-a r^b of each purchase, beside the users' items.</summary>
    private readonly float[][] _weights;

    public ClosePairs(Interactions interactions, AlsoBoughtSettings settings)
    {
        _interactions = interactions;
        _ranks = OrderRanks(interactions, out var longest);
        _weights = new float[interactions.UserCount][];
        Masses = new float[interactions.ItemCount];
        for (var user = 0; user < _weights.Length; user++)
        {
            var items = interactions.Users.Columns(user);
            var recencies = interactions.Users.Values(user);
            var weight = MathF.Pow(Math.Max(1, items.Length), -settings.UserExponent);
            _weights[user] = new float[items.Length];
            for (var at = 0; at < items.Length; at++)
            {
                _weights[user][at] = settings.RecencyExponent == 0 ? weight : weight * MathF.Pow(recencies[at], settings.RecencyExponent);
                Masses[items[at]] += _weights[user][at];
            }
        }

        _decay = new float[longest + 1];
        for (var step = 0; step <= longest; step++)
        {
            // Neighbouring orders count as one: a list without order numbers has every purchase in an order of its own.
            _decay[step] = MathF.Pow(settings.StepDecay, Math.Max(0, step - 1));
        }
    }

    /// <summary>What each item's purchases count: the W of an item with itself.</summary>
    public float[] Masses { get; }

    /// <summary>For each customer, beside each of their items: which of their orders, counted from 0 in time, had it first.</summary>
    private static int[][] OrderRanks(Interactions interactions, out int longest)
    {
        var ranks = Enumerable.Range(0, interactions.UserCount).Select(user => new int[interactions.Users.RowLength(user)]).ToArray();
        foreach (var row in ranks)
        {
            row.AsSpan().Fill(int.MaxValue);
        }

        longest = 0;
        var next = new int[interactions.UserCount];
        var times = interactions.OrderTimes.ToArray();
        var users = interactions.OrderUsers.ToArray();
        foreach (var order in Enumerable.Range(0, times.Length).Where(o => users[o] != Purchase.Anonymous).OrderBy(o => times[o]).ThenBy(o => o))
        {
            var (user, rank) = (users[order], next[users[order]]++);
            longest = Math.Max(longest, rank);
            foreach (var item in interactions.Orders.Columns(order))
            {
                var at = interactions.Users.Columns(user).BinarySearch(item);
                if (at >= 0)
                {
                    ranks[user][at] = Math.Min(ranks[user][at], rank);
                }
            }
        }

        return ranks;
    }

    /// <summary>One item's pairs at a time; the buffers are kept. One instance per thread.</summary>
    public sealed class Row(ClosePairs pairs)
    {
        private readonly float[] _weights = new float[pairs._interactions.ItemCount];
        private readonly int[] _customers = new int[pairs._interactions.ItemCount];
        private readonly int[] _touched = new int[pairs._interactions.ItemCount];
        private int _touchedCount;

        /// <summary>The items that share a customer with the current item, itself included, in the order they were met.</summary>
        public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

        /// <summary>W for each touched item; 0 elsewhere.</summary>
        public ReadOnlySpan<float> Weights => _weights;

        /// <summary>Common customers for each touched item; 0 elsewhere.</summary>
        public ReadOnlySpan<int> Customers => _customers;

        public void MoveTo(int item)
        {
            foreach (var touched in Touched)
            {
                _weights[touched] = 0;
                _customers[touched] = 0;
            }

            _touchedCount = 0;
            foreach (var user in pairs._interactions.Items.Columns(item))
            {
                var items = pairs._interactions.Users.Columns(user);
                AddCustomer(items, pairs._ranks[user], pairs._weights[user], items.BinarySearch(item));
            }
        }

        private void AddCustomer(ReadOnlySpan<int> items, int[] ranks, float[] weights, int own)
        {
            for (var at = 0; at < items.Length; at++)
            {
                var other = items[at];
                if (_customers[other]++ == 0)
                {
                    _touched[_touchedCount++] = other;
                }

                // Of two purchases of one customer the older weighs less.
                _weights[other] += Math.Min(weights[at], weights[own]) * pairs._decay[Math.Abs(ranks[at] - ranks[own])];
            }
        }
    }
}
