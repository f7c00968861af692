namespace Wellmet.Recommendations.Models;

/// <summary>When the model follows the orders; the defaults suit production, tests shorten them.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often the log is looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of each <see cref="Poll"/>, so long is spent on making the weights follow new orders.</summary>
    public TimeSpan Live { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Taking in new orders that lasts longer than this is given up until the next training.</summary>
    public TimeSpan LivePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Training waits until no order has come for this long: an import is learnt from once, at its end.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for quiet.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What people look at, which comes all the time, makes a model due only when it is so old.</summary>
    public TimeSpan Views { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Least time between two trainings; the first one does not wait for it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);
}
