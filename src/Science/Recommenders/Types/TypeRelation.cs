using System.Runtime.InteropServices;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>What a type is to another.</summary>
public enum TypeLabel
{
    /// <summary>Nothing that is known.</summary>
    Neutral = 0,

    /// <summary>Wanted with it or after it.</summary>
    Complement = 1,

    /// <summary>Wanted instead of it.</summary>
    Substitute = 2,
}

/// <summary>Where a label comes from.</summary>
public enum TypeEvidenceSource
{
    /// <summary>The orders and views of the two types.</summary>
    Pair = 0,

    /// <summary>Those of the types above them.</summary>
    Parents = 1,

    /// <summary>Their texts, or that they are the same type.</summary>
    Content = 2,
}

/// <summary>What a type is to another; stored as it is in a model file.</summary>
/// <param name="Type">The other type.</param>
/// <param name="Label">What it is.</param>
/// <param name="Source">How that is known.</param>
/// <param name="Complement">C: how many times as often as after other types it is bought with this one or after it.</param>
/// <param name="Substitute">S: how many times as often as before other types it is looked at, and not bought, before this one.</param>
/// <param name="Share">How many of the buyers of this type buy the other one, too, in [0, 1].</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TypeRelation(int Type, TypeLabel Label, TypeEvidenceSource Source, float Complement, float Substitute, float Share);
