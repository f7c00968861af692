using Wellmet.Platform;

namespace Wellmet.Recommendations.Serving;

/// <summary>How many products one may ask for.</summary>
public static class Limit
{
    public const int Default = 10;
    public const int Most = 100;

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public static int Demand(int limit) => limit is >= 1 and <= Most
        ? limit
        : throw new ProblemException("limit_out_of_range", "Ask for 1 to {0} products.", 400, Most);
}
