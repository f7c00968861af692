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

    /// <summary>Take what was picked out for a customer as a letter: it tells whether they may be written to, and why not. Where to is told with <c>customers.read_personal</c> alone.</summary>
    public static readonly Permission Letters = new("recommendations.letters");

    /// <summary>See what customers are likely to do next.</summary>
    public static readonly Permission Predictions = new("recommendations.predictions");

    /// <summary>Train the model anew.</summary>
    public static readonly Permission Train = new("recommendations.train");
}
