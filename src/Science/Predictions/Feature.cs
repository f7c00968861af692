namespace Wellmet.Science.Predictions;

/// <summary>What stands in a column.</summary>
public enum FeatureKind
{
    /// <summary>A number; NaN where it is not known.</summary>
    Numeric,

    /// <summary>One of <see cref="Feature.Categories"/>, by index; NaN where it is not known or was not among them.</summary>
    Categorical,
}

/// <summary>A column of the examples that a model learns from.</summary>
/// <param name="Categories">In the order of their codes; empty for numbers.</param>
public sealed record Feature(string Name, FeatureKind Kind, IReadOnlyList<string> Categories)
{
    /// <summary>Categories of one column, at most.</summary>
    public const int MostCategories = 255;

    /// <summary>A column of numbers.</summary>
    public static Feature Numeric(string name) => new(name, FeatureKind.Numeric, []);

    /// <summary>A column of one out of several.</summary>
    /// <exception cref="ArgumentException">More categories than <see cref="MostCategories"/>.</exception>
    public static Feature Categorical(string name, IReadOnlyList<string> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        return categories.Count <= MostCategories ? new(name, FeatureKind.Categorical, categories)
            : throw new ArgumentException($"At most {MostCategories} categories: put rare ones together.", nameof(categories));
    }

    /// <summary>The code of a category; NaN where it is none of them.</summary>
    public double CodeOf(string? category)
    {
        for (var i = 0; i < Categories.Count; i++)
        {
            if (Categories[i] == category)
            {
                return i;
            }
        }
        return double.NaN;
    }
}

/// <summary>Examples with outcomes.</summary>
/// <param name="Features">The columns.</param>
/// <param name="Rows">One value for each feature in each row.</param>
/// <param name="Outcomes">Yes or no, one for each row.</param>
public sealed record Examples(IReadOnlyList<Feature> Features, IReadOnlyList<double[]> Rows, bool[] Outcomes)
{
    /// <summary>Those at the indexes.</summary>
    public Examples At(IEnumerable<int> indexes)
    {
        var chosen = indexes.ToArray();
        return new Examples(Features, Array.ConvertAll(chosen, i => Rows[i]), Array.ConvertAll(chosen, i => Outcomes[i]));
    }

    /// <summary>The same without some columns.</summary>
    public Examples Without(params IReadOnlyCollection<string> names)
    {
        var kept = Enumerable.Range(0, Features.Count).Where(f => !names.Contains(Features[f].Name)).ToArray();
        return new Examples(Array.ConvertAll(kept, f => Features[f]), [.. Rows.Select(row => Array.ConvertAll(kept, f => row[f]))], Outcomes);
    }
}
