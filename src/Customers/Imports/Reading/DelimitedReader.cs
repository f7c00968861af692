using System.Buffers;
using System.Text;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>Bounds on what is taken for one line, so that a broken file costs little.</summary>
/// <param name="LineLength">Characters, line breaks inside quotes included.</param>
public sealed record LineLimits(int LineLength = 65_536, int Columns = 500);

/// <summary>A line of a file.</summary>
/// <param name="Line">Number of its first physical line; the first of the file is 1.</param>
/// <param name="Fault">Why it cannot be read, as a code; then <paramref name="Raw"/> is the beginning of its first physical line and it has no cells.</param>
/// <param name="Repaired">Text stood behind a closing quote; it was kept.</param>
public sealed record DelimitedRecord(long Line, string[] Cells, string? Fault = null, string Raw = "", bool Repaired = false);

/// <summary>
/// Reads delimited text (RFC 4180, any delimiter, any line break) without ever giving up: a line that is too long, has too many cells or
/// does not close its quote is answered as a fault, and reading goes on behind its first line break. Ready-made readers end, or swallow the
/// rest of the file, at such a line. Blank lines are passed over; NUL characters, which PostgreSQL cannot keep, are dropped.
/// </summary>
public sealed class DelimitedReader : IDisposable
{
    private const char Quote = '"';
    private const int Margin = 1024, RawLength = 500;

    private readonly TextReader text;
    private readonly char delimiter;
    private readonly LineLimits limits;
    private readonly SearchValues<char> stops;
    private readonly List<string> cells = [];
    private readonly List<string> above = [];
    private readonly StringBuilder quoted = new();
    private char[] buffer = new char[16_384];
    private int start, end, position;
    private bool tooLong, repaired;
    private long line = 1;

    public DelimitedReader(TextReader text, char delimiter, LineLimits limits)
    {
        this.text = text;
        this.delimiter = delimiter;
        this.limits = limits;
        stops = SearchValues.Create([delimiter, '\n', '\r']);
    }

    /// <summary>The next line, or null at the end.</summary>
    public DelimitedRecord? Read()
    {
        while (true)
        {
            (position, tooLong, repaired) = (0, false, false);
            if (!Has(0))
            {
                return null;
            }
            if (buffer[start] is '\n' or '\r')
            {
                Take(LineBreakAt(0));
                continue;
            }
            cells.Clear();
            return ReadCells() is { } fault ? Reject(fault) : Accept();
        }
    }

    public void Dispose() => text.Dispose();

    /// <summary>Reads to the end of the line, whose break it takes; answers the fault, if any.</summary>
    private string? ReadCells()
    {
        while (true)
        {
            var fault = Has(position) && buffer[start + position] == Quote ? ReadQuoted() : ReadPlain(prefix: null);
            if (fault is not null)
            {
                return fault;
            }
            if (cells.Count > limits.Columns)
            {
                return "too_many_columns";
            }
            if (!Has(position) || buffer[start + position] != delimiter)
            {
                return position > limits.LineLength ? "line_too_long" : null;
            }
            position++;
        }
    }

    private string? ReadPlain(string? prefix)
    {
        var from = position;
        while (Has(position))
        {
            var stop = buffer.AsSpan(start + position, end - start - position).IndexOfAny(stops);
            if (stop >= 0)
            {
                position += stop;
                break;
            }
            position = end - start;
        }
        if (tooLong)
        {
            return "line_too_long";
        }
        var content = buffer.AsSpan(start + from, position - from);
        repaired |= prefix is not null && content.ContainsAnyExcept(' ', '\t');
        Add(prefix is null ? content : prefix + content.ToString());
        return null;
    }

    private string? ReadQuoted()
    {
        quoted.Clear();
        var from = ++position;
        while (Has(position))
        {
            var stop = buffer.AsSpan(start + position, end - start - position).IndexOf(Quote);
            if (stop < 0)
            {
                position = end - start;
                continue;
            }
            position += stop;
            quoted.Append(buffer, start + from, position - from);
            if (!Has(position + 1) || buffer[start + position + 1] != Quote)
            {
                position++;
                return ReadPlain(quoted.ToString());
            }
            quoted.Append(Quote);
            position += 2;
            from = position;
        }
        return tooLong ? "line_too_long" : "quote_not_closed";
    }

    /// <summary>Most cells equal the one above (customer, date, country): those share their text.</summary>
    private void Add(ReadOnlySpan<char> content)
    {
        var column = cells.Count;
        if (column == above.Count)
        {
            above.Add("");
        }
        if (!content.SequenceEqual(above[column]))
        {
            var cell = content.ToString();
            above[column] = cell.Contains('\0') ? cell.Replace("\0", "", StringComparison.Ordinal) : cell;
        }
        cells.Add(above[column]);
    }

    private DelimitedRecord Accept()
    {
        var record = new DelimitedRecord(line, [.. cells], Repaired: repaired);
        Take(position + (Has(position) ? LineBreakAt(position) : 0));
        return record;
    }

    /// <summary>Gives up one physical line and goes on behind it.</summary>
    private DelimitedRecord Reject(string fault)
    {
        var number = line;
        var raw = new string(buffer, start, Math.Min(RawLength, end - start));
        tooLong = false;
        while (true)
        {
            var lineBreak = buffer.AsSpan(start, end - start).IndexOfAny('\n', '\r');
            if (lineBreak >= 0)
            {
                Take(lineBreak + LineBreakAt(lineBreak));
                break;
            }
            start = end;
            if (!Has(0))
            {
                break;
            }
        }
        var first = raw.AsSpan().IndexOfAny('\n', '\r');
        return new DelimitedRecord(number, [], fault, first >= 0 ? raw[..first] : raw);
    }

    /// <summary>Length of the line break at this place: CR LF, LF or CR.</summary>
    private int LineBreakAt(int at) => buffer[start + at] == '\r' && Has(at + 1) && buffer[start + at + 1] == '\n' ? 2 : 1;

    /// <summary>Leaves these characters behind, counting their lines.</summary>
    private void Take(int length)
    {
        var taken = buffer.AsSpan(start, length);
        var breaks = taken.Count('\n');
        line += breaks > 0 ? breaks : taken.Count('\r');
        start += length;
    }

    /// <summary>Whether there is a character at this place of the line; reads on where needed.</summary>
    private bool Has(int at)
    {
        while (start + at >= end)
        {
            if (at >= limits.LineLength)
            {
                tooLong = true;
                return false;
            }
            if (!Fill())
            {
                return false;
            }
        }
        return true;
    }

    private bool Fill()
    {
        if (start > 0 && (end == buffer.Length || start == end))
        {
            Array.Copy(buffer, start, buffer, 0, end - start);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limits.LineLength + Margin + buffer.Length));
        }
        var read = text.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }
}
