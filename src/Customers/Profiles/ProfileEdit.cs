using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;

namespace Wellmet.Customers.Profiles;

/// <summary>What of a profile changes: null stays as it is, empty text removes.</summary>
internal sealed record ProfileEdit(string? Name, string? Email, string? Phone, string? Country, string? Locale)
{
    public IReadOnlyList<string> Changed =>
        [.. new[] { ("name", Name), ("email", Email), ("phone", Phone), ("country", Country), ("locale", Locale) }.Where(f => f.Item2 is not null).Select(f => f.Item1)];

    /// <exception cref="ProblemException"><c>email_invalid</c>, <c>personal_data_too_long</c>.</exception>
    public static ProfileEdit Of(CustomerProfile current, EditProfile.Request wanted)
    {
        var email = IdentityText.Normalise(IdentityKind.Email, wanted.Email);
        if (email is not null && (email.IndexOf('@') < 1 || email.EndsWith('@') || email.Any(char.IsWhiteSpace)))
        {
            throw new ProblemException("email_invalid", "An e-mail address looks like name@example.com.");
        }
        return new ProfileEdit(
            Difference(current.Name, IdentityText.Trim(wanted.Name)),
            Difference(current.Email, email),
            Difference(current.Phone, IdentityText.Normalise(IdentityKind.Phone, wanted.Phone)),
            Difference(current.Country, IdentityText.Clear(wanted.Country)),
            Difference(current.Locale, IdentityText.Clear(wanted.Locale)));
    }

    private static string? Difference(string? current, string? wanted) => (current ?? "") == (wanted ?? "") ? null : wanted ?? "";
}
