namespace Wellmet.Science.Recommenders;

/// <summary>How much an old purchase still says.</summary>
public static class Recency
{
    private const double SecondsPerDay = 86_400;

    /// <summary>However old a purchase is, it stays a purchase.</summary>
    private const double SmallestWeight = 1e-6;

    /// <summary>2^(-age / half-life), in (0, 1]; 1 for the present and for anything later.</summary>
    /// <param name="time">When it was bought, seconds since 1970-01-01 UTC.</param>
    /// <param name="now">The present, seconds since 1970-01-01 UTC.</param>
    /// <param name="halfLifeDays">Days after which half is left, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The half-life is not above 0.</exception>
    public static double Weight(long time, long now, double halfLifeDays)
    {
        if (!(halfLifeDays > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(halfLifeDays), halfLifeDays, "A half-life is above 0.");
        }

        var age = Math.Max(0, (double)now - time) / SecondsPerDay;
        return Math.Max(SmallestWeight, Math.Pow(2, -age / halfLifeDays));
    }
}
