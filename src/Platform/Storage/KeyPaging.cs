namespace Wellmet.Platform.Storage;

/// <summary>A page of a list, by key: what follows a cursor, or what goes before one, always shown in the list's own order.</summary>
/// <param name="limit">Rows of a page.</param>
public sealed class KeyPaging(string? after, string? before, int limit)
{
    public bool Backwards { get; } = string.IsNullOrEmpty(after) && !string.IsNullOrEmpty(before);

    public Cursor? At { get; } = Cursor.Parse(string.IsNullOrEmpty(after) ? before : after);

    /// <summary>One more than are shown, to see whether there are more.</summary>
    public int Rows => limit + 1;

    /// <summary>With the parameters <c>@at</c> and <c>@id</c>; empty for the first page.</summary>
    /// <param name="key">Two columns: what the list is sorted by, and the id.</param>
    public string Condition((string Value, string Id) key, bool descending) =>
        At is null ? "" : $"and ({key.Value}, {key.Id}) {(descending ^ Backwards ? "<" : ">")} (@at, @id)";

    public string Order((string Value, string Id) key, bool descending) => $"order by {key.Value} {Direction(descending)}, {key.Id} {Direction(descending)}";

    /// <summary>The rows in the list's order, with the cursors of the pages around them.</summary>
    public (List<T> Rows, string? Previous, string? Next) Cut<T>(List<T> rows, Func<T, Cursor> cursorOf)
    {
        var more = rows.Count > limit;
        var shown = more ? rows.GetRange(0, limit) : rows;
        if (Backwards)
        {
            shown.Reverse();
        }
        var (before, after) = Backwards ? (more, true) : (At is not null, more);
        return (shown, before && shown.Count > 0 ? cursorOf(shown[0]).ToString() : null, after && shown.Count > 0 ? cursorOf(shown[^1]).ToString() : null);
    }

    private string Direction(bool descending) => descending ^ Backwards ? "desc" : "asc";
}
