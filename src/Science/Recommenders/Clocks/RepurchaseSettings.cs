namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>When a type counts as used up and bought again, and how long what is kept stays enough. All times in days.</summary>
public sealed record RepurchaseSettings
{
    /// <summary>A purchase counts as repeated where the type is bought again within this.</summary>
    public double RepeatWithin { get; init; } = 180;

    /// <summary>Prior failures of the repeat rate, against one prior success: Beta(1, 9).</summary>
    public double PriorFailures { get; init; } = 9;

    /// <summary>A type is a consumable where the lower 90 % bound of its repeat rate reaches this …</summary>
    public double MinRepeatRate { get; init; } = 0.15;

    /// <summary>… out of at least this many purchases that could have been repeated.</summary>
    public int MinPurchases { get; init; } = 50;

    /// <summary>Fewer intervals than this say nothing of a type: then those of its parent count.</summary>
    public int MinIntervals { get; init; } = 20;

    /// <summary>Customers of prior belief in the type's interval, against each own interval of a customer.</summary>
    public double OwnShrinkage { get; init; } = 3;

    /// <summary>The interval of a consumable about which nothing is known.</summary>
    public double UnknownInterval { get; init; } = 90;

    /// <summary>Shortest time in which a durable thing is enough.</summary>
    public double MinCoolDown { get; init; } = 180;

    /// <summary>After it the durable thing comes back little by little.</summary>
    public double Ramp { get; init; } = 90;

    /// <summary>A durable type of which most households have several (lower 90 % bound above this share) only excludes the same item.</summary>
    public double SeveralShare { get; init; } = 0.5;
}
