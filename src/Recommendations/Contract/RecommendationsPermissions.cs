using Wellmet.Platform.Access;

namespace Wellmet.Recommendations.Contract;

/// <summary>Permissions of the Recommendations module.</summary>
public static class RecommendationsPermissions
{
    /// <summary>See what is recommended, to whom and why.</summary>
    public static readonly Permission Read = new("recommendations.read");

    /// <summary>Decide what stands at which place in the shop.</summary>
    public static readonly Permission Arrange = new("recommendations.arrange");

    /// <summary>Record what customers say about products.</summary>
    public static readonly Permission Speak = new("recommendations.speak");

    /// <summary>Pick out products to suggest to a customer.</summary>
    public static readonly Permission Suggest = new("recommendations.suggest");

    /// <summary>See what customers are likely to do next.</summary>
    public static readonly Permission Predictions = new("recommendations.predictions");

    /// <summary>Train the model anew.</summary>
    public static readonly Permission Train = new("recommendations.train");
}
