using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Profiles;

/// <summary>Customers in words.</summary>
internal static class ProfileWords
{
    /// <summary>A name stays as it is; that there is none is said in the viewer's language.</summary>
    public static string Shown(this CustomerProfile profile, Words words) => profile.HasLabel ? profile.Label : words["Anonymous"];

    public static string Of(this Words words, IdentityKind kind) => kind switch
    {
        IdentityKind.Email => words["E-mail address"],
        IdentityKind.Phone => words["Phone"],
        IdentityKind.AnonymousId => words["Browser"],
        IdentityKind.Custom => words["Another number"],
        _ => words["Number in the shop"],
    };

    public static string Of(this Words words, MergeReason reason) => reason switch
    {
        MergeReason.SameEmail => words["Same e-mail address"],
        MergeReason.SamePhone => words["Same phone number"],
        MergeReason.SameNameAndAddress => words["Same name and address"],
        MergeReason.SameNumber => words["Same device or number"],
        MergeReason.SignedIn => words["Signed in to the shop"],
        MergeReason.Proposed => words["Proposed by the program"],
        MergeReason.CustomerSaidSo => words["The customer said so"],
        _ => words["Another reason"],
    };
}
