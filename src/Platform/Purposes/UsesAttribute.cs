namespace Wellmet.Platform.Purposes;

/// <summary>
/// Marks code that uses personal data without asking the gate, because nobody can object to that use or because the gate itself needs it. A test
/// goes through everything that opens personal data and demands, on the way out, a question to the gate or this mark; it prints the marks.
/// </summary>
/// <param name="purpose">What for.</param>
/// <param name="why">Why the gate need not be asked.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UsesAttribute(Purpose purpose, string why) : Attribute
{
    public Purpose Purpose { get; } = purpose;
    public string Why { get; } = why;
}
