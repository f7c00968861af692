namespace Wellmet.Science.Linkage;

/// <summary>
/// What a word sounds like: Soundex (Russell, US patent 1,261,167, 1918) for Latin letters, the first letter and up to four classes of
/// consonants. Words of other scripts stand for themselves.
/// </summary>
internal static class SoundCode
{
    private const int Classes = 4;

    /// <summary>The class of each letter a–z; 0 for vowels and for h and w. Vowels part two consonants of one class, h and w do not.</summary>
    private const string LetterClasses = "01230120022455012623010202";
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;

    /// <summary>0 for a text without letters or digits; spaces do not count.</summary>
    public static uint Of(ReadOnlySpan<char> word)
    {
        var hash = Offset;
        var (sounds, last) = (0, '0');
        foreach (var letter in word)
        {
            if (!char.IsAsciiLetterLower(letter))
            {
                if (char.IsLetterOrDigit(letter))
                {
                    (hash, sounds, last) = ((hash ^ letter) * Prime, sounds + 1, '0');
                }

                continue;
            }

            var sound = letter is 'h' or 'w' ? '7' : LetterClasses[letter - 'a'];
            if (sounds == 0)
            {
                hash = (hash ^ letter) * Prime;
                sounds++;
            }
            else if (sound is not '0' and not '7' && sound != last && sounds <= Classes)
            {
                hash = (hash ^ sound) * Prime;
                sounds++;
            }

            last = sound == '7' ? last : sound;
        }

        return sounds == 0 ? 0 : Fold(hash);
    }

    /// <summary>The code of a text as it stands; 0 for an empty one.</summary>
    public static uint OfWhole(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * Prime;
        }

        return text.IsEmpty ? 0 : Fold(hash);
    }

    /// <summary>Never 0.</summary>
    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32)) | 1;
}
