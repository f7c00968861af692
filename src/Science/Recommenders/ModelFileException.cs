namespace Wellmet.Science.Recommenders;

/// <summary>A model file cannot be used: it is not one, is of another version, cut short or damaged. Train again.</summary>
public sealed class ModelFileException : Exception
{
    /// <inheritdoc/>
    public ModelFileException()
    {
    }

    /// <inheritdoc/>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ModelFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
