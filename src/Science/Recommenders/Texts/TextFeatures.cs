using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Wellmet.Science.Recommenders.Texts;

/// <summary>
/// Takes texts apart into hashed features with weights: words, and the three-letter pieces of each word ("^la", "lam", "amp", "mp$"), which hold
/// what inflected, compound and misspelt words share; characters and pairs of them where a script writes without spaces (Chinese, Japanese).
/// Case, accents and full-width forms do not matter. Hashing after Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
/// </summary>
internal sealed class TextFeatures
{
    public const int Buckets = 1 << 18;

    private const float TitleWeight = 3, AttributesWeight = 2, DescriptionWeight = 1;
    private const ulong WordSeed = 0x57, PieceSeed = 0x33, CharacterSeed = 0x31, PairSeed = 0x32;
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;
    private const int PieceLength = 3;

    /// <summary>Characters looked at in each part: a product is described at the beginning.</summary>
    private const int MaxLength = 4_000;

    private readonly Dictionary<int, float> _weights = [];
    private readonly StringBuilder _folded = new();

    /// <summary>The buckets of a text, each once, with the weighted count of its features. Valid until the next call.</summary>
    public Dictionary<int, float> Of(in ItemText text)
    {
        _weights.Clear();
        Add(text.Title, TitleWeight);
        Add(text.Attributes, AttributesWeight);
        Add(text.Description, DescriptionWeight);
        return _weights;
    }

    private void Add(string text, float weight)
    {
        var folded = Fold(text.Length > MaxLength ? text[..MaxLength] : text);
        for (int from = 0, to; from < folded.Length; from = to)
        {
            to = from + 1;
            if (IsUnspaced(folded[from]))
            {
                Count(Hash(CharacterSeed, folded.AsSpan(from, 1)), weight);
                if (to < folded.Length && IsUnspaced(folded[to]))
                {
                    Count(Hash(PairSeed, folded.AsSpan(from, 2)), weight);
                }
            }
            else if (char.IsLetterOrDigit(folded[from]))
            {
                while (to < folded.Length && char.IsLetterOrDigit(folded[to]) && !IsUnspaced(folded[to]))
                {
                    to++;
                }

                AddWord(folded.AsSpan(from, to - from), weight);
            }
        }
    }

    /// <summary>The pieces of a word weigh together as much as the word itself.</summary>
    private void AddWord(ReadOnlySpan<char> word, float weight)
    {
        Count(Hash(WordSeed, word), weight);
        Span<char> padded = stackalloc char[Math.Min(word.Length, 62) + 2];
        padded[0] = '^';
        word[..(padded.Length - 2)].CopyTo(padded[1..]);
        padded[^1] = '$';
        var pieces = padded.Length - PieceLength + 1;
        for (var at = 0; at < pieces; at++)
        {
            Count(Hash(PieceSeed, padded.Slice(at, PieceLength)), weight / MathF.Sqrt(pieces));
        }
    }

    private void Count(ulong hash, float weight) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_weights, (int)((hash ^ (hash >> 32)) % Buckets), out _) += weight;

    /// <summary>FNV-1a over the characters.</summary>
    private static ulong Hash(ulong seed, ReadOnlySpan<char> text)
    {
        var hash = (Offset ^ seed) * Prime;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * Prime;
        }

        return hash;
    }

    private string Fold(string text)
    {
        _folded.Clear();
        foreach (var letter in WellFormed(text).Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                _folded.Append(letter);
            }
        }

        // Korean syllables and Japanese marks come apart above and are put together again.
        return _folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Half a surrogate pair, as a cut leaves it, cannot be normalised.</summary>
    private static string WellFormed(string text) => Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text));

    private static bool IsUnspaced(char letter) => letter is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u4dbf') or (>= '\u4e00' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff');
}
