using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Wellmet.Customers.Imports.Reading;

namespace Wellmet.Tests.Customers;

/// <summary>Delimited text of every kind, whole and broken.</summary>
public sealed class DelimitedReaderTest
{
    private static readonly string Spectrum = Path.Combine(Repository.Root, "..", "shared", "data", "bad-input", "csv");

    [Fact]
    public void The_csv_spectrum_reads_as_it_should()
    {
        Assert.SkipUnless(Directory.Exists(Spectrum), "../shared/data/bad-input is not there.");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Spectrum, "csvs")))
        {
            var expected = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(File.ReadAllText(Path.Combine(Spectrum, "json", Path.GetFileNameWithoutExtension(file) + ".json")))!;
            var records = Read(File.ReadAllText(file));
            var rows = records.Skip(1).Select(r => records[0].Cells.Zip(r.Cells).ToDictionary(c => c.First, c => c.Second)).ToList();

            records.ShouldAllBe(r => r.Fault == null, Path.GetFileName(file));
            JsonSerializer.Serialize(rows.Select(Plain)).ShouldBe(JsonSerializer.Serialize(expected.Select(Plain)), Path.GetFileName(file));
        }
    }

    [Theory]
    [InlineData("a,b\n1,\"open\n2,3\n", "1:a|b 2!quote_not_closed 3:2|3")]
    [InlineData("a,b\n\"x\"y,2\n", "1:a|b 2~xy|2")]
    [InlineData("a,b\r1,2\r3,4", "1:a|b 2:1|2 3:3|4")]
    [InlineData("a,b\n\n\n1,\n", "1:a|b 4:1|")]
    [InlineData("a\n\"1\n2\"\n3", "1:a 2:1\n2 4:3")]
    [InlineData("a,\0b\n", "1:a|b")]
    [InlineData("\"\"\"\"\n", "1:\"")]
    [InlineData("", "")]
    public void Broken_lines_cost_themselves_only(string text, string expected) => Shown(Read(text)).ShouldBe(expected);

    [Fact]
    public void A_line_that_is_too_long_is_rejected_and_reading_goes_on()
    {
        var records = Read("a,b\n" + new string('x', 5000) + "\n\"" + new string('y', 5000) + "\n1,2\n", new LineLimits(1000, 10));

        Shown(records).ShouldBe("1:a|b 2!line_too_long 3!line_too_long 4:1|2");
        records[1].Raw.Length.ShouldBe(500);
        Shown(Read("1,2,3,4\n5,6\n", new LineLimits(1000, 3))).ShouldBe("1!too_many_columns 2:5|6");
    }

    [Fact]
    public void Whatever_cells_were_written_are_read_again() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<NonEmptyArray<NonNull<string>>>>(), rows =>
        {
            var written = rows.Get.Select(r => r.Get.Select(c => c.Get.Replace("\0", "", StringComparison.Ordinal)).ToArray()).Where(r => string.Concat(r).Length > 0).ToList();
            var text = string.Concat(written.Select(r => string.Join(';', r.Select(c => "\"" + c.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\r\n"));
            using var reader = new DelimitedReader(new StringReader(text), ';', new LineLimits());
            return written.TrueForAll(r => reader.Read() is { Fault: null } read && read.Cells.SequenceEqual(r)) && reader.Read() is null;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16BE", "utf-16BE")]
    [InlineData("GB18030", "GB18030")]
    public void Chinese_is_read_in_every_encoding(string written, string detected) =>
        Detected("订单号,日期,商品编码,数量,单价\n1,2026/1/2,甲乙丙,2,3.5\n2,2026/1/3,丁戊己庚,1,4\n", written).ShouldBe((detected, ',', 5));

    [Theory]
    [InlineData("Number;Datum;Artikel;Menge;Preis\n1;31.12.2025;Gürtel;2;1.234,50\n", ';', true, true)]
    [InlineData("number\tdate\tsku\tquantity\tprice\n1\t12/31/2025\tx\t2\t1,234.50\n", '\t', false, false)]
    [InlineData("number|date|sku|quantity|price\n1|2025-12-31|x|2|3.5\n", '|', false, true)]
    public void Delimiter_decimals_and_dates_are_found(string text, char delimiter, bool decimalComma, bool dayFirst)
    {
        var layout = Layout(Encoding.Latin1.GetBytes(text));

        (layout.Encoding, layout.Delimiter).ShouldBe((text.Contains('ü') ? "windows-1252" : "utf-8", delimiter));
        (layout.Format.DecimalComma, layout.Format.DayFirst).ShouldBe((decimalComma, dayFirst));
    }

    private static (string, char, int) Detected(string text, string encoding)
    {
        var layout = Layout([.. TextEncodings.ByName(encoding).GetPreamble(), .. TextEncodings.ByName(encoding).GetBytes(text)]);
        return (layout.Encoding, layout.Delimiter, layout.Headings.Count);
    }

    private static FileLayout Layout(byte[] content)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, content);
            return LayoutDetection.Detect(FileProbe.ReadAsync(ImportSource.Local(file), default).GetAwaiter().GetResult(),
            [
                new("number", "", true, Wellmet.Customers.Contract.ImportFieldKind.Text, ["订单号"]),
                new("date", "", true, Wellmet.Customers.Contract.ImportFieldKind.Time, ["日期", "datum"]),
                new("price", "", true, Wellmet.Customers.Contract.ImportFieldKind.Number, ["单价", "preis"]),
            ]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<DelimitedRecord> Read(string text, LineLimits? limits = null)
    {
        using var reader = new DelimitedReader(new StringReader(text), ',', limits ?? new LineLimits());
        var records = new List<DelimitedRecord>();
        while (reader.Read() is { } record)
        {
            records.Add(record);
        }
        return records;
    }

    private static string Shown(List<DelimitedRecord> records) =>
        string.Join(' ', records.Select(r => r.Line + (r.Fault is null ? (r.Repaired ? "~" : ":") + string.Join('|', r.Cells) : "!" + r.Fault)));

    /// <summary>The expected values were written with LF.</summary>
    private static Dictionary<string, string> Plain(Dictionary<string, string> row) => row.ToDictionary(c => c.Key, c => c.Value.ReplaceLineEndings("\n"));
}
