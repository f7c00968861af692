using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;

namespace Wellmet.Commerce.Catalog;

/// <summary>A product as the catalogue keeps it, with what a person or the shop's server may change.</summary>
public sealed class Product
{
    public Guid ProductId { get; init; }
    public string Sku { get; init; } = "";
    public string Name { get; private set; } = "";
    public ProductType Type { get; private set; }
    public TypeSource TypeSource { get; private set; }
    public string? Kind { get; private set; }
    public TypeSource KindSource { get; private set; }
    public Guid? CategoryId { get; private set; }
    public bool Active { get; private set; }
    public string? Brand { get; private set; }
    public string? Seller { get; private set; }
    public long? Stock { get; private set; }
    public DateOnly? AvailableSince { get; private set; }

    /// <summary>Of the latest line that sold it, in 1/10000.</summary>
    public long? UnitPrice { get; private set; }

    /// <summary>What the shop asks for one, in 1/10000; counts before <see cref="UnitPrice"/>.</summary>
    public long? ListedPrice { get; private set; }
    public string Currency { get; private set; } = "";
    public string? ImageUrl { get; private set; }
    public string? PageUrl { get; private set; }

    /// <summary>All that can be told of it, as it stands.</summary>
    /// <param name="category">The name of its category.</param>
    public ProductFacts Facts(string? category) => new()
    {
        Name = Name, Category = category, Active = Active, Brand = Brand, Seller = Seller, Stock = Stock, AvailableSince = AvailableSince, ImageUrl = ImageUrl, PageUrl = PageUrl,
        Price = Catalog.UnitPrice.Minor(ListedPrice, Currency) is { } minor ? new Money(minor, Currency) : (Money?)null,
    };

    /// <summary>All prices of a product are in one currency, once it was sold.</summary>
    public bool Takes(Money price) => price.Currency == Currency || UnitPrice is null;

    /// <param name="facts">Checked; with a price that <see cref="Takes"/> allows.</param>
    /// <param name="category">The id of the category that they tell.</param>
    public void Tell(ProductFacts facts, Guid? category)
    {
        SetName(facts.Name.Over(Name)!);
        SetType(facts);
        SetKind(facts);
        CategoryId = facts.Category.IsTold ? category : CategoryId;
        Active = facts.Active.Over(Active);
        (Brand, Seller) = (facts.Brand.Over(Brand), facts.Seller.Over(Seller));
        (Stock, AvailableSince) = (facts.Stock.Over(Stock), facts.AvailableSince.Over(AvailableSince));
        (ImageUrl, PageUrl) = (facts.ImageUrl.Over(ImageUrl), facts.PageUrl.Over(PageUrl));
        if (facts.Price is { IsTold: true, Value: var price })
        {
            ListedPrice = price is { } asked ? LineAmount.Price(asked.Amount) : null;
            Currency = price?.Currency ?? Currency;
        }
    }

    /// <summary>What was inferred from the old name is inferred from the new one.</summary>
    private void SetName(string name)
    {
        if (name != Name)
        {
            Name = name;
            var inferred = InferredType.Of(name);
            Type = TypeSource == TypeSource.Inferred ? inferred.Type : Type;
            Kind = KindSource == TypeSource.Inferred ? inferred.Kind : Kind;
        }
    }

    /// <summary>A type that was inferred stays so where nothing changes.</summary>
    private void SetType(ProductFacts facts)
    {
        if (facts.Type is { IsTold: true, Value: null })
        {
            (Type, TypeSource) = (InferredType.Of(Name).Type, TypeSource.Inferred);
        }
        else if (facts.Type.Over(Type) is { } type && type != Type)
        {
            (Type, TypeSource) = (type, TypeSource.Set);
        }
    }

    private void SetKind(ProductFacts facts)
    {
        if (facts.Kind.Over(Kind) is var kind && kind != Kind)
        {
            (Kind, KindSource) = (kind, TypeSource.Set);
        }
    }
}
