namespace Wellmet.Science.Linkage;

/// <summary>What records are looked up by: a code of a value that slips of the pen mostly leave as it is.</summary>
/// <param name="Field">The column.</param>
/// <param name="CodeOf">For each value of the column; 0 where there is nothing to look up.</param>
internal sealed record BlockingCode(int Field, PersonColumn Column, uint[] CodeOf)
{
    public uint this[int record] => CodeOf[Column.ValueOf[record]];
}

/// <summary>The codes of records' columns, and which of them make a pass together.</summary>
internal sealed class BlockingCodes
{
    private const int ShortestFirstWord = 3;

    /// <summary>Codes that find few records alone.</summary>
    private readonly List<BlockingCode> _sharp = [];

    /// <summary>Codes of which two are needed.</summary>
    private readonly List<BlockingCode> _blunt = [];

    /// <summary>Codes with few values, which only part blocks that are too large.</summary>
    private readonly List<BlockingCode> _parting = [];

    public BlockingCodes(PersonRecords records)
    {
        for (var field = 0; field < records.Columns.Length; field++)
        {
            Add(field, records.Columns[field]);
        }
    }

    /// <summary>The keys of each pass: every sharp code, and every two blunt ones of different fields.</summary>
    public IReadOnlyList<BlockingCode[]> Passes()
    {
        var passes = _sharp.ConvertAll(code => new[] { code });
        for (var one = 0; one < _blunt.Count; one++)
        {
            for (var other = one + 1; other < _blunt.Count; other++)
            {
                if (_blunt[one].Field != _blunt[other].Field)
                {
                    passes.Add([_blunt[one], _blunt[other]]);
                }
            }
        }

        if (passes.Count == 0)
        {
            passes.AddRange(_blunt.Concat(_parting).Select(code => new[] { code }));
        }

        return passes;
    }

    /// <summary>What parts the blocks of a pass that are too large, best first.</summary>
    public IReadOnlyList<BlockingCode> Parting(BlockingCode[] pass) =>
        [.. _blunt.OrderByDescending(c => c.Column.Distinct).Concat(_sharp).Concat(_parting).Where(c => !pass.Contains(c))];

    private void Add(int field, PersonColumn column)
    {
        switch (column.Field.Kind)
        {
            case FieldKind.GivenName:
                Add(_blunt, field, column, FirstName);
                break;
            case FieldKind.Surname:
                Add(_blunt, field, column, SoundCode.Of);
                break;
            case FieldKind.BirthDate:
                Add(_sharp, field, column, SoundCode.OfWhole);
                Add(_blunt, field, column, date => SoundCode.OfWhole(date[..Math.Min(4, date.Length)]));
                Add(_blunt, field, column, date => date.Length > 4 ? SoundCode.OfWhole(date[4..]) : 0);
                break;
            case FieldKind.Email:
                Add(_sharp, field, column, SoundCode.OfWhole);
                Add(_sharp, field, column, address => SoundCode.OfWhole(address[..address.LastIndexOf('@')]));
                break;
            case FieldKind.Phone or FieldKind.Identifier:
                Add(_sharp, field, column, SoundCode.OfWhole);
                break;
            case FieldKind.AddressLine or FieldKind.Locality:
                Add(_blunt, field, column, line => SoundCode.Of(LongestWord(line)));
                break;
            case FieldKind.Postcode or FieldKind.StreetNumber:
                Add(_blunt, field, column, SoundCode.OfWhole);
                break;
            default:
                Add(_parting, field, column, SoundCode.OfWhole);
                break;
        }
    }

    private static void Add(List<BlockingCode> codes, int field, PersonColumn column, Coding code)
    {
        var codeOf = new uint[column.Values.Count];
        for (var value = 1; value < codeOf.Length; value++)
        {
            codeOf[value] = column.Frequencies[value] > 0 ? code(column.Values[value]) : 0;
        }

        codes.Add(new BlockingCode(field, column, codeOf));
    }

    private delegate uint Coding(ReadOnlySpan<char> value);

    private static uint FirstName(ReadOnlySpan<char> name) => SoundCode.Of(name.IndexOf(' ') is var space && space >= ShortestFirstWord ? name[..space] : name);

    private static ReadOnlySpan<char> LongestWord(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> longest = default;
        foreach (var word in line.Split(' '))
        {
            longest = line[word].Length > longest.Length ? line[word] : longest;
        }

        return longest;
    }
}
