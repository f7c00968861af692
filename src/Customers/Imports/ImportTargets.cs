using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports;

/// <summary>The layouts that modules registered.</summary>
public sealed class ImportTargets(IEnumerable<IImportTarget> targets)
{
    public IReadOnlyList<IImportTarget> All { get; } = [.. targets];

    /// <exception cref="ProblemException"><c>layout_unknown</c>.</exception>
    public IImportTarget Named(string layout) => All.FirstOrDefault(t => t.Layout == layout)
        ?? throw new ProblemException("layout_unknown", "There is no layout '{0}'. Known are: {1}.", 400, layout, string.Join(", ", All.Select(t => t.Layout)));

    /// <exception cref="ProblemException"><c>columns_missing</c>.</exception>
    public static void DemandColumns(IImportTarget target, IReadOnlyList<int> columns)
    {
        var missing = target.Fields.Where((f, i) => f.Required && columns[i] < 0).Select(f => f.Name).ToList();
        if (missing.Count > 0)
        {
            throw new ProblemException("columns_missing", "These columns were not found in the first line of the file: {0}.", 422, string.Join(", ", missing));
        }
    }
}
