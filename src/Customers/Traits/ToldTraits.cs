using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;

namespace Wellmet.Customers.Traits;

/// <summary>What of a statement about a person need not be sealed, for <see cref="TraitsTold"/>.</summary>
internal static class ToldTraits
{
    /// <summary>How much who says it weighs.</summary>
    public const int Visitor = 0, Shop = 1, Staff = 2;

    /// <summary>Null for nothing.</summary>
    public static IReadOnlyDictionary<string, string?>? Of(PersonStatement? said) => said is null ? null : Given(
        ("country", said.Country), ("locale", said.Locale),
        ("email", said.Email is null ? null : TraitsTold.Known), ("phone", said.Phone is null ? null : TraitsTold.Known));

    /// <summary>What staff wrote; an empty field takes it back.</summary>
    public static IReadOnlyDictionary<string, string?>? Of(ProfileEdit edit)
    {
        var told = new Dictionary<string, string?>();
        foreach (var (name, value, shown) in new[] { ("country", edit.Country, edit.Country), ("locale", edit.Locale, edit.Locale), ("email", edit.Email, TraitsTold.Known), ("phone", edit.Phone, TraitsTold.Known) })
        {
            if (value is not null)
            {
                told[name] = value.Length == 0 ? null : shown;
            }
        }
        if (!string.IsNullOrEmpty(edit.Email))
        {
            told["anonymous"] = "false";
        }
        return told.Count == 0 ? null : told;
    }

    /// <summary>What live sources said, one event for each subject, moment and source.</summary>
    public static IEnumerable<TraitsTold> Of(IEnumerable<StatedTrait> stated) => stated
        .Where(t => t.Name is "country" or "locale" or "email" or "phone")
        .GroupBy(t => (t.SubjectId, t.SaidAt, t.Trusted))
        .Select(g => new TraitsTold(g.Key.SubjectId, g.Key.SaidAt, g.Key.Trusted ? Shop : Visitor, g.DistinctBy(t => t.Name).ToDictionary(t => t.Name, t => t.Code ?? (t.Value is null ? null : TraitsTold.Known))));

    private static Dictionary<string, string?>? Given(params ReadOnlySpan<(string Name, string? Value)> said)
    {
        var told = new Dictionary<string, string?>();
        foreach (var (name, value) in said)
        {
            if (!string.IsNullOrEmpty(value))
            {
                told[name] = value;
            }
        }
        return told.Count == 0 ? null : told;
    }
}
