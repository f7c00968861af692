using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports;

/// <summary>The layouts that modules registered.</summary>
public sealed class ImportTargets(IEnumerable<IImportTarget> targets)
{
    public IReadOnlyList<IImportTarget> All { get; } = [.. targets];

    /// <exception cref="ProblemException"><c>layout_unknown</c>.</exception>
    public IImportTarget Named(string layout)
    {
        var (name, thing) = Split(layout);
        return All.FirstOrDefault(t => t.Layout == name && t.IsForThing == thing is not null)
            ?? throw new ProblemException("layout_unknown", "There is no layout '{0}'. Known are: {1}.", 400, layout, string.Join(", ", All.Select(t => t.IsForThing ? t.Layout + ":…" : t.Layout)));
    }

    /// <summary>The layout's name and, where it is for some thing, which.</summary>
    public static (string Name, string? Thing) Split(string layout) => layout.IndexOf(':', StringComparison.Ordinal) is var cut and > 0 ? (layout[..cut], layout[(cut + 1)..]) : (layout, null);

    /// <summary>The layout with the way in which the file writes its dates.</summary>
    /// <param name="dayFirst">What a person said, who goes before the file.</param>
    /// <exception cref="ProblemException"><c>dates_ambiguous</c>: the file does not show it, and nobody said it.</exception>
    public static async Task<FileLayout> WithDatesAsync(IImportTarget target, FileLayout layout, ImportSource source, bool? dayFirst, CancellationToken ct)
    {
        if (dayFirst is null)
        {
            var order = await DateOrder.OfFileAsync(layout, target.Fields, source, ct);
            dayFirst = order.DayFirst ?? target.DayFirst ?? (order.Matters ? null : true);
        }
        return layout with
        {
            Format = layout.Format with
            {
                DayFirst = dayFirst ?? throw new ProblemException(
                    "dates_ambiguous", "Every date in this file can be read with the day or the month first. Say which is right (on the command line: --dates).", 422),
            },
        };
    }

    /// <summary>Fields that the layout needs and that are in no column.</summary>
    public static List<string> Missing(IImportTarget target, IReadOnlyList<int> columns) => [.. target.Fields.Where((f, i) => f.Required && columns[i] < 0).Select(f => f.Name)];

    /// <exception cref="ProblemException"><c>columns_missing</c>.</exception>
    public static void DemandColumns(IImportTarget target, IReadOnlyList<int> columns)
    {
        var missing = Missing(target, columns);
        if (missing.Count > 0)
        {
            throw new ProblemException("columns_missing", "These columns were not found in the first line of the file: {0}.", 422, string.Join(", ", missing));
        }
    }
}
