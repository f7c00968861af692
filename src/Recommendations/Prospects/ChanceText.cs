using Wellmet.Platform;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;
using Wellmet.Science.Evaluation;

namespace Wellmet.Recommendations.Prospects;

/// <summary>What a chance rests on, in words.</summary>
internal static class ChanceText
{
    /// <param name="currency">Of the shop's first storefront, in which the value of orders is counted.</param>
    public static string Of(ChanceReason reason, Words words, Viewer viewer, string currency)
    {
        var value = reason.Value;
        return reason.Sign switch
        {
            ChanceSign.LastOrder => words.Count(Whole(value), "The last order was {0} day ago", "The last order was {0} days ago"),
            ChanceSign.Orders => words.Count(Whole(value), "{0} order so far", "{0} orders so far"),
            ChanceSign.OrdersLately => words.Count(Whole(value), "{0} order in the last 90 days", "{0} orders in the last 90 days"),
            ChanceSign.FirstOrder => words.Count(Whole(value), "The first order was {0} day ago", "The first order was {0} days ago"),
            ChanceSign.Rhythm or ChanceSign.Lateness when value is null => words["Ordered once only, so they have no rhythm yet"],
            ChanceSign.Rhythm => words.Count(Whole(value), "Orders every {0} day on average", "Orders every {0} days on average"),
            ChanceSign.Lateness => words["{0} of their usual time between two orders has passed", viewer.Percent(value!.Value, 0)],
            ChanceSign.OrderValue when value is null => words["Orders in another currency"],
            ChanceSign.OrderValue => words["An order comes to {0} on average", new Money((long)Math.Round(value.Value), currency)],
            ChanceSign.Returned => words["{0} of what they ordered was cancelled or came back", viewer.Percent(value ?? 0, 0)],
            ChanceSign.Looks => words.Count(Whole(value), "Looked at {0} product in the last 30 days", "Looked at {0} products in the last 30 days"),
            ChanceSign.Baskets => words.Count(Whole(value), "Put {0} product into the basket in the last 30 days", "Put {0} products into the basket in the last 30 days"),
            ChanceSign.LastLook when value is null => words["Looked at nothing in the last 30 days"],
            ChanceSign.LastLook => words.Count(Whole(value), "Looked at a product {0} day ago", "Looked at a product {0} days ago"),
            ChanceSign.Due when value is null => words["Nothing they bought is used up"],
            ChanceSign.Due when value < 0 => words.Count(Whole(-value), "Something they use up was due {0} day ago", "Something they use up was due {0} days ago"),
            _ => words.Count(Whole(value), "Something they use up is due in {0} day", "Something they use up is due in {0} days"),
        };
    }

    /// <summary>How far a chance can be relied on: what came of those like it.</summary>
    public static string Of(ReliabilityBin like, Words words, Viewer viewer) =>
        words["Of {0} customers with about this chance a month ago {1} ordered.", like.Count, viewer.Percent(like.Observed, 0)];

    /// <summary>Why no chances are told.</summary>
    public static string Of(ChanceState state, Words words) => state switch
    {
        ChanceState.NoOrdersLately => words["Nobody ordered in the last thirty days, so there is nothing to measure a prediction on."],
        ChanceState.TooLittle => words["There is too little to learn from: it takes orders of four months, a hundred examples of customers who came back within thirty days and of those who did not, and thirty of each in the last thirty days."],
        _ => words["On the last thirty days the model was not surely better than chance, so it tells none."],
    };

    private static long Whole(double? value) => (long)Math.Round(value ?? 0);
}
