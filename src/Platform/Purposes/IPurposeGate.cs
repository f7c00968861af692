namespace Wellmet.Platform.Purposes;

/// <summary>What personal data is used for. Each use asks the gate first.</summary>
public enum Purpose
{
    /// <summary>Showing the customer's own data to the customer or to staff who serve them.</summary>
    Service,

    /// <summary>Recommendations chosen from a person's own history.</summary>
    Personalisation,

    /// <summary>Messages that advertise.</summary>
    Marketing,

    /// <summary>Measuring what a person does with a message or page.</summary>
    Measurement,

    /// <summary>Handing data to another system or file.</summary>
    Export,
}

/// <summary>Decides whether personal data may be used for a purpose. Platform asks, Privacy answers.</summary>
public interface IPurposeGate
{
    /// <summary>The answer for each of the subjects; a subject that is missing from the answer is refused.</summary>
    Task<IReadOnlyDictionary<Guid, PurposeDecision>> AskAsync(Purpose purpose, IReadOnlyCollection<Guid> subjects, CancellationToken ct);
}

/// <param name="Allowed">Whether the use may go on.</param>
/// <param name="Basis">The legal basis or the refusal, as a stable code: <c>legitimate_interest</c>, <c>objected</c>…</param>
public sealed record PurposeDecision(bool Allowed, string Basis);
