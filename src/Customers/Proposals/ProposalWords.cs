using System.Globalization;
using Wellmet.Platform.Ui;
using Wellmet.Science.Linkage;

namespace Wellmet.Customers.Proposals;

/// <summary>Evidence in words.</summary>
internal static class ProposalWords
{
    public static string Field(Words words, string field) => field switch
    {
        "given_name" => words["Given name"],
        "surname" => words["Family name"],
        ProposalFields.Email => words["E-mail address"],
        ProposalFields.Phone => words["Phone"],
        ProposalFields.Birthday => words["Date of birth"],
        ProposalFields.Street => words["Street"],
        ProposalFields.City => words["City"],
        ProposalFields.Postcode => words["Postcode"],
        ProposalFields.Country => words["Country"],
        "prior" => words["Any two customers"],
        _ => words["Families, neighbours and namesakes"],
    };

    /// <summary>What stands in the field; the parts of a name are shown as the whole.</summary>
    public static string? Value(ProposalPerson person, string field) => field switch
    {
        "given_name" or "surname" => person.Profile.Name,
        ProposalFields.Email => person.Profile.Email,
        ProposalFields.Phone => person.Profile.Phone,
        ProposalFields.Birthday => person.Birthday,
        ProposalFields.Street => person.Street,
        ProposalFields.City => person.City,
        ProposalFields.Postcode => person.Postcode,
        ProposalFields.Country => person.Profile.Country,
        _ => null,
    };

    public static string Says(Words words, ProposalLine line) => line.Agreement switch
    {
        Agreement.Exact => words["The same"],
        Agreement.Close => words["A slip of the pen apart"],
        Agreement.Moved => words["Swapped"],
        Agreement.Similar => words["Alike"],
        Agreement.Different => words["Different"],
        _ when line.Field == "prior" => words["How rare it is that two are one"],
        _ => words["They share these things, too"],
    };

    /// <summary>Signed, with one decimal.</summary>
    public static string Bits(double bits) => bits.ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture);
}
