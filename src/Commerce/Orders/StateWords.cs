using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Commerce.Orders;

/// <summary>States of orders and reasons of returns, for people.</summary>
internal static class StateWords
{
    public static string Of(Words words, OrderState state) => state switch
    {
        OrderState.Placed => words["Placed"],
        OrderState.Shipped => words["Shipped"],
        OrderState.Delivered => words["Delivered"],
        OrderState.PartCancelled => words["Partly cancelled"],
        OrderState.Cancelled => words["Cancelled"],
        OrderState.PartReturned => words["Partly returned"],
        _ => words["Returned"],
    };

    public static string Of(Words words, ToldBy toldBy) => toldBy switch
    {
        ToldBy.Shop => words["The shop's server"],
        ToldBy.Page => words["A page of the shop"],
        _ => words["A file"],
    };

    public static Kind KindOf(OrderState state) => state switch
    {
        OrderState.Delivered => Kind.Good,
        OrderState.Cancelled or OrderState.Returned => Kind.Bad,
        OrderState.PartCancelled or OrderState.PartReturned => Kind.Attention,
        _ => Kind.Neutral,
    };

    public static IEnumerable<(string Value, string Text)> Options(Words words) => Enum.GetValues<OrderState>().Select(s => (s.ToString(), Of(words, s)));

    public static string Reason(Words words, string reason) => reason switch
    {
        "unwanted" => words["Not wanted any more"],
        "damaged" => words["Damaged"],
        "wrong_item" => words["Wrong item"],
        "not_as_described" => words["Not as described"],
        "late" => words["Came too late"],
        "refunded" => words["Paid back by the shop"],
        _ => words["Other reason"],
    };
}
