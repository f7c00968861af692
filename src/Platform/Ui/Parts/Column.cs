using Microsoft.AspNetCore.Components;

namespace Wellmet.Platform.Ui.Parts;

/// <summary>
/// A column of <c>DataTable</c>: <c>&lt;Column Title="…" Sort="total" Number&gt;…@context.Total…&lt;/Column&gt;</c>. Shows nothing itself: it tells the table.
/// </summary>
public sealed class Column<T> : ComponentBase
{
    [Parameter, EditorRequired] public required string Title { get; set; }

    /// <summary>Name in the address for the column chooser; needed where the table has one.</summary>
    [Parameter] public string? Key { get; set; }

    /// <summary>Sort key of the use case; null where one cannot sort (sealed personal data).</summary>
    [Parameter] public string? Sort { get; set; }

    /// <summary>Numbers stand at the right, and sort from the largest first.</summary>
    [Parameter] public bool Number { get; set; }

    [Parameter] public bool Wide { get; set; }

    /// <summary>Shown only when chosen.</summary>
    [Parameter] public bool Extra { get; set; }

    [Parameter, EditorRequired] public required RenderFragment<T> ChildContent { get; set; }

    [CascadingParameter] internal List<Column<T>> Table { get; set; } = [];

    internal string? CssClass => (Number, Wide) switch { (true, _) => "number", (_, true) => "wide", _ => null };

    protected override void OnInitialized() => Table.Add(this);
}
