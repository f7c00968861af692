using System.Text;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>Finds out how a file's characters are written: UTF-8, UTF-16, GB18030 or Windows-1252.</summary>
public static class TextEncodings
{
    private const double ShareOfZeros = 0.2, ShareOfChinese = 0.7, ShareOfPairs = 0.8;

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Encodings by the names under which <see cref="Detect"/> answers them.</summary>
    public static Encoding ByName(string name) => Encoding.GetEncoding(name);

    /// <returns>The name of the encoding: <c>utf-8</c>, <c>utf-16</c>, <c>utf-16BE</c>, <c>GB18030</c> or <c>windows-1252</c>.</returns>
    /// <exception cref="ProblemException"><c>file_not_text</c>.</exception>
    public static string Detect(FileProbe probe)
    {
        ReadOnlySpan<byte> sample = probe.Sample;
        if (sample.StartsWith("PK"u8))
        {
            throw new ProblemException("file_not_text", "This is an Excel workbook or another packed file. Save the sheet as CSV and import that.", 422);
        }
        if (sample is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return sample[0] == 0xFF ? "utf-16" : "utf-16BE";
        }
        var (even, odd) = Zeros(sample);
        if (odd > sample.Length * ShareOfZeros || even > sample.Length * ShareOfZeros)
        {
            return odd > even ? "utf-16" : "utf-16BE";
        }
        if (even + odd > sample.Length / 100)
        {
            throw new ProblemException("file_not_text", "This file holds binary data and not text. Save it as CSV and import that.", 422);
        }
        return probe.IsUtf8 ? "utf-8" : LooksChinese(sample) ? "GB18030" : "windows-1252";
    }

    private static (int Even, int Odd) Zeros(ReadOnlySpan<byte> sample)
    {
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }
        return (even, odd);
    }

    /// <summary>
    /// Valid GB18030 whose characters beyond ASCII are mostly Chinese, in bytes beyond ASCII that mostly come in pairs: Western letters stand alone.
    /// </summary>
    private static bool LooksChinese(ReadOnlySpan<byte> sample)
    {
        var text = Encoding.GetEncoding("GB18030").GetString(sample[..LastBreak(sample)]);
        var foreign = text.Count(c => c > 0x7F);
        var chinese = text.Count(c => c is (>= '\u4e00' and <= '\u9fff') or (>= '\u3000' and <= '\u303f') or (>= '\uff00' and <= '\uffef'));
        return foreign > 0 && Paired(sample) >= ShareOfPairs && !text.Contains('\uFFFD') && chinese >= foreign * ShareOfChinese;
    }

    /// <summary>Share of the bytes beyond ASCII that stand in runs of an even length.</summary>
    private static double Paired(ReadOnlySpan<byte> sample)
    {
        int paired = 0, all = 0, run = 0;
        foreach (var b in sample)
        {
            if (b > 0x7F)
            {
                run++;
                continue;
            }
            (all, paired, run) = (all + run, run % 2 == 0 ? paired + run : paired, 0);
        }
        return all == 0 ? 0 : (double)paired / all;
    }

    private static int LastBreak(ReadOnlySpan<byte> sample) => sample.LastIndexOf((byte)'\n') is >= 0 and var at ? at : sample.Length;
}
