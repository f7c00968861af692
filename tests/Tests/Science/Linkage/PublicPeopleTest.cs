using Wellmet.Science.Linkage;

namespace Wellmet.Tests.Science.Linkage;

/// <summary>Public records whose true persons are known (FEBRL); the benchmark does all four files.</summary>
public sealed class PublicPeopleTest
{
    private static readonly FieldKind[] Kinds =
    [
        FieldKind.GivenName, FieldKind.Surname, FieldKind.StreetNumber, FieldKind.AddressLine, FieldKind.AddressLine, FieldKind.Locality, FieldKind.Postcode, FieldKind.Region,
        FieldKind.BirthDate, FieldKind.Identifier,
    ];

    [Fact]
    public void Two_public_lists_are_linked_without_truth()
    {
        var (a, b) = (Rows("febrl/dataset4a.csv.gz"), Rows("febrl/dataset4b.csv.gz"));
        var builder = new PersonRecordsBuilder([.. Kinds.Select((kind, i) => new LinkageField($"{kind}{i}", kind))]);
        foreach (var row in a.Concat(b))
        {
            builder.Add(row[1..]);
        }

        var result = RecordLinkage.Link(builder.Build(), a.Count);

        var links = result.Links(result.ThresholdFor(0.99));
        var right = links.Count(l => Person(a[l.First]) == Person(b[l.Second - a.Count]));
        (right / (double)links.Count).ShouldBeGreaterThan(0.99);
        (right / 5000.0).ShouldBeGreaterThan(0.98);
    }

    private static List<string[]> Rows(string file) => [.. RealData.Lines(file).Skip(1).Where(l => l.Length > 0).Select(l => Array.ConvertAll(l.Split(','), c => c.Trim()))];

    private static string Person(string[] row) => row[0].Split('-')[1];
}
