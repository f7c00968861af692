namespace Wellmet.Science.Recommenders.Diversity;

/// <summary>What was shown again and again and never clicked steps back.</summary>
/// <param name="Patience">Unclicked views after which it begins.</param>
/// <param name="Decay">What is left after that view and each further one, in (0, 1].</param>
public sealed record Fatigue(int Patience = 3, float Decay = 0.9f)
{
    /// <summary>Multiplies the score: 1 below the patience, then decay^(views - patience + 1).</summary>
    /// <param name="unclickedViews">How often the customer was shown the item since the last click on it.</param>
    public float Factor(int unclickedViews) => unclickedViews < Patience ? 1 : MathF.Pow(Decay, unclickedViews - Patience + 1);
}
