namespace Wellmet.Commerce.Catalog;

/// <summary>A value that somebody told, or did not: what was not told stays as it is. A null that was told clears.</summary>
public readonly record struct Told<T>(bool IsTold, T Value)
{
    public static implicit operator Told<T>(T value) => new(true, value);

    /// <summary>What holds from now on.</summary>
    public T Over(T standing) => IsTold ? Value : standing;
}
