namespace Wellmet.Science.Recommenders;

/// <summary>Who owns what, both ways, growing and shrinking; and the diagonal of the weighted co-occurrence. Not safe for several threads at once.</summary>
internal sealed class LiveHistories
{
    private readonly List<List<int>> _itemsOf = [];
    private readonly List<int>[] _usersOf;
    private readonly double[] _diagonal;
    private readonly float _userExponent;

    public LiveHistories(Interactions interactions, float userExponent)
    {
        _userExponent = userExponent;
        _diagonal = new double[interactions.ItemCount];
        _usersOf = [.. Enumerable.Range(0, interactions.ItemCount).Select(_ => new List<int>())];
        for (var user = 0; user < interactions.UserCount; user++)
        {
            _itemsOf.Add([.. interactions.Users.Columns(user)]);
            foreach (var item in _itemsOf[user])
            {
                _usersOf[item].Add(user);
                _diagonal[item] += Weight(user);
            }
        }
    }

    public int ItemCount => _usersOf.Length;

    /// <summary>The items of a user; empty for one that was never seen.</summary>
    public IReadOnlyList<int> ItemsOf(int user) => user < _itemsOf.Count ? _itemsOf[user] : [];

    public IReadOnlyList<int> UsersOf(int item) => _usersOf[item];

    public float Diagonal(int item) => (float)_diagonal[item];

    /// <summary>What a user counts: d^-a with the number d of their items.</summary>
    public float Weight(int user) => MathF.Pow(Math.Max(1, _itemsOf[user].Count), -_userExponent);

    /// <summary>False where the user has the item already.</summary>
    public bool Add(int user, int item)
    {
        while (_itemsOf.Count <= user)
        {
            _itemsOf.Add([]);
        }

        if (_itemsOf[user].Contains(item))
        {
            return false;
        }

        AddToDiagonal(user, -1);
        _itemsOf[user].Add(item);
        _usersOf[item].Add(user);
        AddToDiagonal(user, 1);
        return true;
    }

    /// <summary>False where the user does not have the item.</summary>
    public bool Remove(int user, int item)
    {
        if (!ItemsOf(user).Contains(item))
        {
            return false;
        }

        AddToDiagonal(user, -1);
        _itemsOf[user].Remove(item);
        _usersOf[item].Remove(user);
        AddToDiagonal(user, 1);
        return true;
    }

    private void AddToDiagonal(int user, int sign)
    {
        foreach (var item in _itemsOf[user])
        {
            _diagonal[item] += sign * Weight(user);
        }
    }
}
