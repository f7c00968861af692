using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>Which orders, or which cancellations.</summary>
/// <param name="Number">The whole number.</param>
/// <param name="From">On or after this day of the storefront's time zone, as the figures count.</param>
/// <param name="To">On or before this day.</param>
public sealed record SalesQuery(string? Number = null, string? Country = null, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>True for those behind which nobody is known, false for the others, null for all.</summary>
    public bool? Anonymous { get; init; }
    public Guid? Storefront { get; init; }

    /// <summary>Only those of these subjects; null for all.</summary>
    public IReadOnlyCollection<Guid>? Subjects { get; init; }

    /// <summary>ISO 4217; null for all.</summary>
    public string? Currency { get; init; }

    /// <summary>The cursor of an earlier page's end.</summary>
    public string? After { get; init; }

    /// <summary>The cursor of a later page's beginning.</summary>
    public string? Before { get; init; }
    public int Limit { get; init; } = 50;
}

/// <summary>The query as conditions on the columns that orders and cancellations share.</summary>
internal sealed class SalesConditions
{
    private readonly List<string> conditions = ["1 = 1"];
    private readonly Dictionary<string, object> parameters = [];

    /// <param name="id">The column of the document's id.</param>
    /// <param name="leftOut">A storefront that is not meant where none is named.</param>
    public SalesConditions(SalesQuery query, string id, IEnumerable<StorefrontLabel> storefronts, Guid? leftOut)
    {
        Add(query.Storefront is null ? leftOut : null, "leftOut", "storefront_id <> @leftOut");
        Add(Clean(query.Number), "number", $"{id} in (select document_id from commerce_order_numbers where number = @number)");
        Add(Clean(query.Country), "country", "country = @country");
        Add(Clean(query.Currency), "currency", "currency = @currency");
        Add(query.Anonymous, "anonymous", "anonymous = @anonymous");
        Add(query.Storefront, "storefront", "storefront_id = @storefront");
        Add(query.Subjects, "subjects", "subject_id in @subjects");
        if (query.From is not null || query.To is not null)
        {
            AddDays(StorefrontDays.Of(storefronts, query.From, query.To));
        }
    }

    public string Sql => string.Join(" and ", conditions);

    /// <summary>With what the caller adds.</summary>
    public IReadOnlyDictionary<string, object> Parameters => parameters;

    /// <summary>Adds a condition where there is a value for it.</summary>
    public void Add(object? value, string name, string condition)
    {
        if (value is not null)
        {
            parameters[name] = value;
            conditions.Add(condition);
        }
    }

    /// <summary>Parameters of the page.</summary>
    public IReadOnlyDictionary<string, object> With(KeyPaging paging) => new Dictionary<string, object>(parameters)
    {
        ["at"] = paging.At?.Time ?? DateTimeOffset.UnixEpoch, ["id"] = paging.At?.Id ?? Guid.Empty, ["limit"] = paging.Rows,
    };

    private void AddDays(List<StorefrontDays> zones)
    {
        if (zones.Count == 0)
        {
            return;
        }
        Add(zones.Min(z => z.From), "from", "placed_at >= @from");
        Add(zones.Max(z => z.To), "to", "placed_at < @to");
        if (zones.Count > 1)
        {
            conditions.Add("(" + string.Join(" or ", zones.Select(AddZone)) + ")");
        }
    }

    private string AddZone(StorefrontDays zone, int i)
    {
        (parameters[$"from{i}"], parameters[$"to{i}"], parameters[$"zone{i}"]) = (zone.From, zone.To, zone.Storefronts);
        return $"(storefront_id in @zone{i} and placed_at >= @from{i} and placed_at < @to{i})";
    }

    private static string? Clean(string? text) => text?.Trim().Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } clean ? clean : null;
}
