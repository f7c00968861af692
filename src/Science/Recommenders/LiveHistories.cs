using System.Runtime.InteropServices;

namespace Wellmet.Science.Recommenders;

/// <summary>
/// Who owns what, both ways, growing and shrinking; and the diagonal of the weighted co-occurrence. A history is copied when it changes for the first time, so that a shop of millions costs
/// little more than what was trained on. Everything is in ascending order and added up in that order, so that what is solved from it is what a training would
/// solve, as far as its rounding: near ties, of which few sales have many, would fall differently otherwise. Not safe for several threads at once.
/// </summary>
internal sealed class LiveHistories
{
    private readonly Interactions _start;
    private readonly Dictionary<int, List<int>> _changedUsers = [];
    private readonly Dictionary<int, List<int>> _changedItems = [];
    private readonly float[] _diagonal;
    private readonly float _userExponent;

    public LiveHistories(Interactions interactions, float userExponent)
    {
        (_start, _userExponent) = (interactions, userExponent);
        _diagonal = new float[interactions.ItemCount];
        Array.Fill(_diagonal, float.NaN);
    }

    public int ItemCount => _start.ItemCount;

    /// <summary>The items of a user; empty for one that was never seen. Valid until the next change.</summary>
    public ReadOnlySpan<int> ItemsOf(int user) =>
        _changedUsers.TryGetValue(user, out var items) ? CollectionsMarshal.AsSpan(items) : user < _start.UserCount ? _start.Users.Columns(user) : [];

    /// <summary>Who owns an item. Valid until the next change.</summary>
    public ReadOnlySpan<int> UsersOf(int item) => _changedItems.TryGetValue(item, out var users) ? CollectionsMarshal.AsSpan(users) : _start.Items.Columns(item);

    /// <summary>Added up when it is asked for: after many changes once.</summary>
    public float Diagonal(int item)
    {
        if (float.IsNaN(_diagonal[item]))
        {
            var sum = 0f;
            foreach (var user in UsersOf(item))
            {
                sum += Weight(user);
            }

            _diagonal[item] = sum;
        }

        return _diagonal[item];
    }

    /// <summary>What a user counts: d^-a with the number d of their items.</summary>
    public float Weight(int user) => MathF.Pow(Math.Max(1, ItemsOf(user).Length), -_userExponent);

    /// <summary>False where the user has the item already.</summary>
    public bool Add(int user, int item)
    {
        if (ItemsOf(user).BinarySearch(item) >= 0)
        {
            return false;
        }

        var items = ListOf(_changedUsers, user, ItemsOf(user));
        var users = ListOf(_changedItems, item, UsersOf(item));
        items.Insert(~items.BinarySearch(item), item);
        users.Insert(~users.BinarySearch(user), user);
        ForgetDiagonals(user);
        return true;
    }

    /// <summary>False where the user does not have the item.</summary>
    public bool Remove(int user, int item)
    {
        if (ItemsOf(user).BinarySearch(item) < 0)
        {
            return false;
        }

        var items = ListOf(_changedUsers, user, ItemsOf(user));
        var users = ListOf(_changedItems, item, UsersOf(item));
        items.RemoveAt(items.BinarySearch(item));
        users.RemoveAt(users.BinarySearch(user));
        ForgetDiagonals(user);
        _diagonal[item] = float.NaN;
        return true;
    }

    private static List<int> ListOf(Dictionary<int, List<int>> changed, int key, ReadOnlySpan<int> start) =>
        changed.TryGetValue(key, out var list) ? list : changed[key] = [.. start];

    private void ForgetDiagonals(int user)
    {
        foreach (var item in ItemsOf(user))
        {
            _diagonal[item] = float.NaN;
        }
    }
}
