using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>What the columns of a file of people hold.</summary>
/// <param name="Compared">Columns that are compared.</param>
/// <param name="Truth">The column that says who is who; null if there is none.</param>
internal sealed record PersonColumns(IReadOnlyList<(int Column, LinkageField Field)> Compared, int? Truth)
{
    private const int MostLooked = 2_000;

    /// <summary>Headings without case, spaces and marks.</summary>
    private static readonly Dictionary<string, FieldKind> Usual = new[]
    {
        (FieldKind.FullName, "name fullname customername personname 姓名"),
        (FieldKind.GivenName, "givenname givennames firstname fname forename forenames given first vorname prenom firstgivenname firstandmiddlename 名"),
        (FieldKind.Surname, "surname lastname lname familyname family last sname nachname nom 姓"),
        (FieldKind.BirthDate, "dateofbirth birthdate dob birthday born birth bday geburtsdatum 出生日期 生日"),
        (FieldKind.Phone, "phone phonenumber telephone tel mobile mobilephone mobilenumber cell cellphone homephone phone1 phone2 telefon 电话 手机"),
        (FieldKind.Email, "email emailaddress mail emailid 邮箱"),
        (FieldKind.StreetNumber, "streetnumber housenumber streetno houseno number stnumber flatnumber unitnumber"),
        (FieldKind.AddressLine, "address address1 address2 address3 addressline1 addressline2 addr addr1 addr2 street streetname streetaddress strasse 地址"),
        (FieldKind.Locality, "suburb city town locality place village birthplace 城市"),
        (FieldKind.Postcode, "postcode postalcode zip zipcode postcodefake plz postal 邮编"),
        (FieldKind.Region, "state province region country county district stateabbr 省"),
        (FieldKind.Identifier, "socsecid socsec ssn socialsecuritynumber socialsecurityid nationalid nationalidnumber nhsnumber passport passportnumber taxid medicare medicarenumber cardnumber loyaltycard licencenumber driverslicense idnumber"),
        (FieldKind.Category, "gender sex title occupation race maritalstatus 性别"),
    }.SelectMany(u => u.Item2.Split(' ').Select(name => (Name: name, Kind: u.Item1))).ToDictionary(u => u.Name, u => u.Kind);

    /// <summary>The surest first.</summary>
    private static readonly string[] TruthNames = ["cluster", "clusterid", "entity", "entityid", "entid", "trueid", "truth", "truthid", "personid", "groundtruth", "recid", "recordid", "rid"];

    private static readonly string[] Ignored = ["", "id", "uniqueid", "rowid", "row", "index", "rowno", "rownumber", "source", "sourcedataset", "dataset", "file", "blockingnumber", "age"];

    /// <summary>The column of a field by its name, else the only one of its kind; -1 for none.</summary>
    public int ColumnOf(LinkageField field)
    {
        var alike = Compared.Where(c => c.Field.Kind == field.Kind).ToList();
        var named = alike.FindIndex(c => string.Equals(c.Field.Name, field.Name, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? alike[named].Column : alike.Count == 1 ? alike[0].Column : -1;
    }

    public static PersonColumns Recognise(string[] headings, IReadOnlyList<string[]> rows)
    {
        var names = Array.ConvertAll(headings, h => string.Concat(h.ToLowerInvariant().Where(char.IsLetterOrDigit)));
        var truth = TruthNames.Select(t => Array.IndexOf(names, t)).Where(at => at >= 0).Cast<int?>().FirstOrDefault()
            ?? Enumerable.Range(0, names.Length).Where(c => rows.Count(r => PersonFile.Entity(r[c]) != r[c]) > rows.Count / 2).Cast<int?>().FirstOrDefault();
        var compared = new List<(int, LinkageField)>();
        for (var column = 0; column < names.Length; column++)
        {
            if (column != truth && !TruthNames.Contains(names[column]) && !Ignored.Contains(names[column]) && KindOf(names[column], column, rows) is { } kind)
            {
                compared.Add((column, new LinkageField(headings[column], kind)));
            }
        }
        // Beside the parts of a name the whole one would count the same words twice.
        var hasParts = compared.Exists(c => c.Item2.Kind == FieldKind.Surname);
        compared.RemoveAll(c => c.Item2.Kind == FieldKind.FullName && hasParts);
        // One of a few values says least.
        return new PersonColumns([.. compared.OrderBy(c => c.Item2.Kind == FieldKind.Category).Take(PersonRecordsBuilder.MaxFields - 1)], truth);
    }

    private static FieldKind? KindOf(string name, int column, IReadOnlyList<string[]> rows)
    {
        if (Usual.TryGetValue(name, out var usual))
        {
            return usual;
        }
        var values = rows.Take(MostLooked).Select(r => r[column]).Where(v => v.Length > 0).ToList();
        var distinct = values.Distinct().Count();
        if (distinct < 2)
        {
            return null;
        }
        return values.Count(v => v.Contains('@', StringComparison.Ordinal)) > values.Count / 2 ? FieldKind.Email
            : distinct < 30 && distinct < values.Count / 4 ? FieldKind.Category
            : values.Count(v => v.Any(char.IsAsciiDigit) && !v.Any(char.IsLetter)) > values.Count * 0.8 ? distinct > values.Count / 2 ? FieldKind.Identifier : FieldKind.Postcode
            : FieldKind.AddressLine;
    }
}
