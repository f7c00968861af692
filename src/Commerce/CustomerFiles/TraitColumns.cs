using System.Globalization;
using System.Text;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.CustomerFiles;

/// <summary>
/// Which columns of a file of customers are traits of the shop: those that are no field of the layout and are called like a trait, by its name or its label, in whatever case and with whatever between
/// the words. They need no mapping: a file says so by its headings.
/// </summary>
internal static class TraitColumns
{
    public static IReadOnlyList<(int Column, ShopTrait Trait)> Of(ImportRun run, IReadOnlyList<ShopTrait> traits)
    {
        var found = new List<(int, ShopTrait)>();
        for (var column = 0; column < run.Headings.Count; column++)
        {
            var heading = Plain(run.Headings[column]);
            if (heading.Length > 0 && !run.Columns.Contains(column) && traits.FirstOrDefault(t => Plain(t.Name) == heading || Plain(t.Label) == heading) is { } trait && !found.Exists(f => f.Item2 == trait))
            {
                found.Add((column, trait));
            }
        }
        return found;
    }

    private static string Plain(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit)).ToLower(CultureInfo.InvariantCulture);
}
