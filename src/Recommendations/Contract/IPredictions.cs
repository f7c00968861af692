namespace Wellmet.Recommendations.Contract;

/// <summary>What is foretold of a customer, from their own purchases and visits.</summary>
/// <param name="CustomerId">Merged people are one.</param>
/// <param name="Chance">That they order within <see cref="IPredictions.Days"/> days, in (0, 1); null where the shop has too little to learn it from.</param>
/// <param name="NextType">The product type (the noun) that their next order holds most likely; null where too little is known.</param>
/// <param name="NextTypeShare">How likely it is that, in (0, 1).</param>
/// <param name="Due">What they use up, the earliest first; at most <see cref="IPredictions.MostDue"/>.</param>
/// <param name="Reasons">What speaks for and against the chance, the strongest first; at most <see cref="IPredictions.MostReasons"/>.</param>
/// <param name="LastOrderAt">Before it was foretold.</param>
/// <param name="PredictedAt">What was known then is in it; what came later is not.</param>
public sealed record CustomerPrediction(
    Guid CustomerId, double? Chance, string? NextType, double? NextTypeShare, IReadOnlyList<DueProduct> Due, IReadOnlyList<ChanceReason> Reasons, DateTimeOffset LastOrderAt, DateTimeOffset PredictedAt);

/// <summary>A product that a customer uses up, and when they will want it again.</summary>
/// <param name="ProductId">Which one of its type they bought last.</param>
/// <param name="Expected">The median.</param>
/// <param name="Earliest">One in ten comes before this.</param>
/// <param name="Latest">One in ten comes after this; what is past it is not told any more.</param>
public sealed record DueProduct(Guid ProductId, DateTimeOffset Expected, DateTimeOffset Earliest, DateTimeOffset Latest);

/// <summary>What a chance is read from: one column of the model each, in its order.</summary>
public enum ChanceSign
{
    /// <summary>Days since the last order.</summary>
    LastOrder,

    /// <summary>Orders so far.</summary>
    Orders,

    /// <summary>Orders in the last ninety days.</summary>
    OrdersLately,

    /// <summary>Days since the first order.</summary>
    FirstOrder,

    /// <summary>Mean days between two orders; not known after one.</summary>
    Rhythm,

    /// <summary>Time since the last order, in mean times between two; not known after one.</summary>
    Lateness,

    /// <summary>What an order comes to, in minor units of the shop's first currency; not known in others.</summary>
    OrderValue,

    /// <summary>Share of the pieces that were cancelled or came back.</summary>
    Returned,

    /// <summary>Products looked at in the last thirty days.</summary>
    Looks,

    /// <summary>Products put into the basket in the last thirty days.</summary>
    Baskets,

    /// <summary>Days since they last looked at a product; not known where it is more than thirty.</summary>
    LastLook,

    /// <summary>Days until the next thing they use up is due, below 0 where it was due before; not known where there is none.</summary>
    Due,
}

/// <summary>Why a chance is what it is.</summary>
/// <param name="Value">In the sign's unit; null where it is not known, which says something, too.</param>
/// <param name="Adds">To the log-odds: above 0 it speaks for an order, below 0 against it.</param>
public sealed record ChanceReason(ChanceSign Sign, double? Value, double Adds);

/// <param name="Rows">May be fewer than were asked for, and none, though there are more.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record PredictionPage(IReadOnlyList<CustomerPrediction> Rows, Guid? Next);

/// <summary>
/// What other modules may ask about what customers will do next. Predictions are made once a day; whoever is not in an answer has none. The purpose gate is asked at each call: who objects to
/// being personalised for is in no answer, from the moment of the objection on.
/// </summary>
public interface IPredictions
{
    /// <summary>How far ahead a chance looks.</summary>
    const int Days = 30;

    /// <summary>Products that are told with their time, at most.</summary>
    const int MostDue = 3;

    /// <summary>Reasons of a chance, at most.</summary>
    const int MostReasons = 3;

    /// <summary>Predictions of these customers.</summary>
    /// <param name="asked">Ids of customers, or of any of their subjects; at most a thousand.</param>
    /// <returns>By the ids that were asked about.</returns>
    Task<IReadOnlyDictionary<Guid, CustomerPrediction>> OfAsync(IReadOnlyCollection<Guid> asked, CancellationToken ct);

    /// <summary>Goes through all predictions in the order of the customers' ids, a page at a time; call it in a scope of its own for every few pages, because the gate remembers its answers.</summary>
    /// <param name="after"><see cref="PredictionPage.Next"/> of the page before; an empty id for the first one.</param>
    /// <param name="limit">1 to 1,000.</param>
    Task<PredictionPage> PageAsync(Guid after, int limit, CancellationToken ct);
}
