namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>Why a candidate is held back, or put forward. Words are the caller's.</summary>
public enum GateReason
{
    /// <summary>Nothing speaks against it.</summary>
    None = 0,

    /// <summary>The customer has this very item.</summary>
    AlreadyBought = 1,

    /// <summary>The customer has one of the type, and it is kept for long.</summary>
    OwnsType = 2,

    /// <summary>What the customer has of the type is not used up yet.</summary>
    NotUsedUp = 3,

    /// <summary>What the customer has of the type is about to be used up.</summary>
    Due = 4,

    /// <summary>The customer has used the type up long ago, and did not come back for it.</summary>
    Forgotten = 5,

    /// <summary>The customer has something that does the same.</summary>
    OwnsSubstitute = 6,
}

/// <summary>What the not-again rule says of a candidate.</summary>
/// <param name="Factor">Multiplies the candidate's score; 0 leaves it out; above 1 only for <see cref="GateReason.Due"/>.</param>
/// <param name="Reason">Why; to be kept with what was shown and what was left out.</param>
/// <param name="Because">The purchase behind it as an item, or -1.</param>
public readonly record struct Gate(float Factor, GateReason Reason, int Because)
{
    /// <summary>Nothing speaks against it.</summary>
    public static readonly Gate Open = new(1, GateReason.None, -1);
}
