namespace Wellmet.Science.Linkage;

/// <summary>
/// Person records, cleaned and kept by column: each distinct value once, each record a row of numbers. A million records of eleven fields take about 250 MB.
/// Immutable; safe for any number of readers. Made by <see cref="PersonRecordsBuilder"/>.
/// </summary>
public sealed class PersonRecords
{
    private readonly PersonColumn[] _columns;

    internal PersonRecords(PersonColumn[] columns, int count) => (_columns, Count) = (columns, count);

    /// <summary>Records are numbered from 0 to this, exclusive, in the order they were added.</summary>
    public int Count { get; }

    /// <summary>What is compared. A full name stands here as its two parts.</summary>
    public IReadOnlyList<LinkageField> Fields => Array.ConvertAll(_columns, c => c.Field);

    internal ReadOnlySpan<PersonColumn> Columns => _columns;

    /// <summary>A value as it is compared; empty if the record has none.</summary>
    public string Value(int record, int field) => _columns[field].Values[_columns[field].ValueOf[record]].ToString();
}

/// <summary>One column: for each record the number of its value.</summary>
internal sealed class PersonColumn
{
    public PersonColumn(LinkageField field, int[] valueOf, TextValues values)
    {
        (Field, ValueOf, Values, Frequencies) = (field, valueOf, values, new int[values.Count]);
        foreach (var value in valueOf)
        {
            Distinct += value != 0 && Frequencies[value] == 0 ? 1 : 0;
            Frequencies[value]++;
        }
    }

    public LinkageField Field { get; }

    /// <summary>One per record.</summary>
    public int[] ValueOf { get; }

    /// <summary>The texts; columns of neighbours share them, so that equal numbers mean equal texts there.</summary>
    public TextValues Values { get; }

    /// <summary>Records with each value in this column.</summary>
    public int[] Frequencies { get; }

    /// <summary>Values that occur in this column.</summary>
    public int Distinct { get; }

    /// <summary>Records that have a value.</summary>
    public int Known => ValueOf.Length - Frequencies[0];
}

/// <summary>Collects person records. Not safe for several threads at once.</summary>
public sealed class PersonRecordsBuilder
{
    private readonly (FieldKind Kind, int Column)[] _inputs;
    private readonly LinkageField[] _fields;
    private readonly TextValues[] _values;
    private readonly List<int>[] _rows;

    /// <param name="fields">The columns of the input.</param>
    /// <exception cref="ArgumentException">There is no column, or more than sixteen.</exception>
    public PersonRecordsBuilder(IReadOnlyList<LinkageField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var columns = new List<LinkageField>();
        _inputs = new (FieldKind, int)[fields.Count];
        for (var input = 0; input < fields.Count; input++)
        {
            _inputs[input] = (fields[input].Kind, columns.Count);
            columns.AddRange(fields[input].Kind == FieldKind.FullName
                ? [new LinkageField("given_name", FieldKind.GivenName), new LinkageField("surname", FieldKind.Surname)]
                : [fields[input]]);
        }

        if (columns.Count is 0 or > MaxFields)
        {
            throw new ArgumentException($"Between 1 and {MaxFields} fields are compared.", nameof(fields));
        }

        _fields = [.. columns];
        var shared = new Dictionary<int, TextValues>();
        _values = Array.ConvertAll(_fields, f => FieldKinds.Group(f.Kind) is var group && group == 0 ? new TextValues()
            : shared.TryGetValue(group, out var values) ? values : shared[group] = new TextValues());
        _rows = Array.ConvertAll(_fields, _ => new List<int>());
    }

    /// <summary>The most columns that are compared.</summary>
    public const int MaxFields = 16;

    /// <summary>Adds a record; answers its number.</summary>
    /// <param name="values">As they were written, one per field; null or empty where nothing is known.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the fields.</exception>
    public int Add(IReadOnlyList<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != _inputs.Length)
        {
            throw new ArgumentException($"{values.Count} values for {_inputs.Length} fields.", nameof(values));
        }

        for (var input = 0; input < values.Count; input++)
        {
            var (kind, column) = _inputs[input];
            if (kind == FieldKind.FullName)
            {
                var (given, surname) = PersonText.SplitName(values[input]);
                _rows[column].Add(_values[column].Add(given));
                _rows[column + 1].Add(_values[column + 1].Add(surname));
            }
            else
            {
                _rows[column].Add(_values[column].Add(PersonText.Normalise(kind, values[input])));
            }
        }

        return _rows[0].Count - 1;
    }

    /// <summary>What was added. The builder is used up.</summary>
    public PersonRecords Build()
    {
        foreach (var values in _values.Distinct())
        {
            values.Seal();
        }

        var columns = new PersonColumn[_fields.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column] = new PersonColumn(_fields[column], [.. _rows[column]], _values[column]);
            _rows[column].Clear();
            _rows[column].TrimExcess();
        }

        return new PersonRecords(columns, columns[0].ValueOf.Length);
    }
}
