using Wellmet.Science.Linkage;

namespace Wellmet.Tests.Science.Linkage;

public sealed class PersonTextTest
{
    [Theory]
    [InlineData(FieldKind.Surname, "  O’Brien-Müller ", "obrien muller")]
    [InlineData(FieldKind.GivenName, "Ｊｏｓé", "jose")]
    [InlineData(FieldKind.Surname, "Strauß", "strauss")]
    [InlineData(FieldKind.Surname, "김", "김")]
    [InlineData(FieldKind.GivenName, "N/A", "")]
    [InlineData(FieldKind.AddressLine, "12, Long  Rd.", "12 long rd")]
    [InlineData(FieldKind.Phone, "+44 (0)20 7946 0018", "079460018")]
    [InlineData(FieldKind.Phone, "020 7946 0018", "079460018")]
    [InlineData(FieldKind.Phone, "0000000000", "")]
    [InlineData(FieldKind.Email, " Jane.Doe+shop@Gmail.com", "janedoe@gmail.com")]
    [InlineData(FieldKind.Email, "Jane.Doe@Work.example", "jane.doe@work.example")]
    [InlineData(FieldKind.Email, "nobody", "")]
    [InlineData(FieldKind.BirthDate, "1980-07-04", "19800704")]
    [InlineData(FieldKind.BirthDate, "4.7.1980", "19800704")]
    [InlineData(FieldKind.BirthDate, "7/24/1980", "19800724")]
    [InlineData(FieldKind.BirthDate, "19800704", "19800704")]
    [InlineData(FieldKind.BirthDate, "1980-07-04T00:00:00", "19800704")]
    [InlineData(FieldKind.BirthDate, "-", "")]
    [InlineData(FieldKind.Identifier, "123-45 6789", "123456789")]
    [InlineData(FieldKind.Identifier, "00000000", "")]
    [InlineData(FieldKind.Locality, "\ud800", "�")]
    public void What_people_write_comes_into_one_form(FieldKind kind, string written, string expected) =>
        (PersonText.Normalise(kind, written).Trim('\ufffd') is var text && expected == "�" ? "�" : text).ShouldBe(expected);

    [Theory]
    [InlineData("Anna Maria Berg", "anna maria", "berg")]
    [InlineData("Berg, Anna", "anna", "berg")]
    [InlineData("王小明", "小明", "王")]
    [InlineData("欧阳娜娜", "娜娜", "欧阳")]
    [InlineData("金哲", "哲", "金")]
    [InlineData("Madonna", "", "madonna")]
    [InlineData("", "", "")]
    public void A_whole_name_has_two_parts(string name, string given, string surname) => PersonText.SplitName(name).ShouldBe((given, surname));

    [Theory]
    [InlineData("martha", "marhta", 0.9611)]
    [InlineData("dwayne", "duane", 0.84)]
    [InlineData("dixon", "dicksonx", 0.8133)]
    [InlineData("abc", "xyz", 0)]
    [InlineData("", "", 1)]
    public void Jaro_and_Winkler_as_published(string one, string other, double similarity)
    {
        TextSimilarity.JaroWinkler(one, other).ShouldBe(similarity, 1e-4);
        TextSimilarity.JaroWinkler(other, one).ShouldBe(similarity, 1e-4);
    }

    [Theory]
    [InlineData("smith", "smiht", 1)]
    [InlineData("smith", "smth", 1)]
    [InlineData("smith", "smyth", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("19800704", "19810740", 2)]
    [InlineData("", "ab", 2)]
    public void Slips_are_counted(string one, string other, int edits)
    {
        for (var most = 0; most < 4; most++)
        {
            TextSimilarity.IsWithin(one, other, most).ShouldBe(most >= edits);
            TextSimilarity.IsWithin(other, one, most).ShouldBe(most >= edits);
        }
    }

    [Theory]
    [InlineData(FieldKind.Surname, "meyer", "meier", Agreement.Close)]
    [InlineData(FieldKind.GivenName, "j", "john", Agreement.Similar)]
    [InlineData(FieldKind.GivenName, "anna", "anna maria", Agreement.Similar)]
    [InlineData(FieldKind.GivenName, "小明", "小红", Agreement.Different)]
    [InlineData(FieldKind.Surname, "smith", "jones", Agreement.Different)]
    [InlineData(FieldKind.BirthDate, "19800704", "19800407", Agreement.Moved)]
    [InlineData(FieldKind.BirthDate, "19800704", "19800740", Agreement.Close)]
    [InlineData(FieldKind.BirthDate, "19800704", "19921104", Agreement.Different)]
    [InlineData(FieldKind.BirthDate, "19800704", "19630704", Agreement.Similar)]
    [InlineData(FieldKind.BirthDate, "1980", "19800704", Agreement.Similar)]
    [InlineData(FieldKind.Email, "jane@home.example", "jane@work.example", Agreement.Different)]
    [InlineData(FieldKind.Email, "jane.d@home.example", "jane.d@work.example", Agreement.Similar)]
    [InlineData(FieldKind.Email, "jane.d@home.example", "jane.d@hmoe.example", Agreement.Close)]
    [InlineData(FieldKind.Email, "j.smith3@home.example", "j.smith63@home.example", Agreement.Different)]
    [InlineData(FieldKind.Email, "j.smith63@home.example", "jsmith63@home.example", Agreement.Close)]
    [InlineData(FieldKind.AddressLine, "pridham street", "pridhamstreet", Agreement.Close)]
    [InlineData(FieldKind.AddressLine, "pridham street", "maltby circuit", Agreement.Different)]
    [InlineData(FieldKind.StreetNumber, "7", "8", Agreement.Different)]
    [InlineData(FieldKind.Identifier, "5304218", "5304281", Agreement.Close)]
    [InlineData(FieldKind.Category, "male", "female", Agreement.Different)]
    public void Values_agree_by_levels(FieldKind kind, string one, string other, Agreement expected)
    {
        FieldComparer.Levels(kind, one, other).ShouldBe(expected);
        FieldComparer.Levels(kind, other, one).ShouldBe(expected);
    }
}
