using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Purposes;

/// <summary>On what a purpose stands.</summary>
/// <param name="LegalBasis">Code: <c>contract</c>, <c>legitimate_interest</c>, <c>consent</c>, <c>legal_obligation</c>.</param>
public sealed record PurposeRule(Purpose Purpose, string LegalBasis, bool NeedsConsent)
{
    /// <summary>One cannot object to what a contract or the law demands.</summary>
    public bool MayObject => LegalBasis is "legitimate_interest" or "consent";

    internal static async Task<IReadOnlyDictionary<Purpose, PurposeRule>> ReadAsync(Session session, CancellationToken ct) =>
        (await session.QueryAsync("select purpose, legal_basis, needs_consent from privacy_purposes", null,
            r => new PurposeRule(r.Enum<Purpose>(0), r.Text(1), r.Bool(2)), ct)).ToDictionary(r => r.Purpose);
}
