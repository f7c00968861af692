namespace Wellmet.Science.Recommenders;

/// <summary>What one call of <see cref="ForYou"/> works with.</summary>
internal sealed class ForYouScratch(int itemCount, Taste? taste)
{
    private float[] _contributions = [];

    public float[] Scores { get; } = new float[itemCount];

    public bool[] Taken { get; } = new bool[itemCount];

    public Candidates Candidates { get; } = new(itemCount);

    public TasteReader? Taste { get; } = taste is null ? null : new TasteReader(taste);

    /// <summary>Room for one number per own item.</summary>
    public Span<float> Contributions(int owned)
    {
        if (_contributions.Length < owned)
        {
            _contributions = new float[Math.Max(owned, 2 * _contributions.Length)];
        }

        return _contributions.AsSpan(0, owned);
    }
}
