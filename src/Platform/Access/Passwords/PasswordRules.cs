using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Access.Passwords;

/// <summary>
/// Which passwords are accepted (ASVS 5.0 V6.2, NIST SP 800-63B): long, not on the list of common ones, not made of the name of the shop or the
/// person. No rule about digits or signs. The list is embedded, nothing is asked over the network.
/// </summary>
public sealed class PasswordRules(IOptions<IdentityOptions> options, WebOptions web)
{
    public const int MaxLength = 256;

    // Shorter words stand in too many good passphrases.
    private const int ShortestContextWord = 4;

    private static readonly FrozenSet<string> Common = ReadCommon();

    public int MinLength => options.Value.Password.RequiredLength;

    /// <param name="personal">The person's e-mail address and name.</param>
    /// <exception cref="ProblemException"><c>password_short</c>, <c>password_long</c>, <c>password_common</c>.</exception>
    public string Demand(string? password, params IEnumerable<string?> personal)
    {
        var runes = password?.EnumerateRunes().Count() ?? 0;
        if (password is null || runes < MinLength)
        {
            throw new ProblemException("password_short", "The password needs at least {0} characters. A few words in a row are easy to remember.", 400, MinLength);
        }
        if (runes > MaxLength)
        {
            throw new ProblemException("password_long", "The password may have at most {0} characters.", 400, MaxLength);
        }
        if (IsGuessable(password, personal))
        {
            throw new ProblemException("password_common", "This password is easy to guess. Take another one, for example a few words that do not belong together.");
        }
        return password;
    }

    private bool IsGuessable(string password, IEnumerable<string?> personal)
    {
        var core = Core(password);
        if (core.Length == 0 || Common.Contains(core) || IsRepeated(core) || IsSequence(password.ToLowerInvariant()))
        {
            return true;
        }
        var rest = personal.Append(web.BaseUrl.Host).Append("wellmet").SelectMany(Words)
            .OrderByDescending(w => w.Length)
            .Aggregate(core, (text, word) => text.Replace(word, "", StringComparison.Ordinal));
        return rest.Length < core.Length && (rest.Length < ShortestContextWord || Common.Contains(rest));
    }

    /// <summary>What is left of <c>P@ssw0rd2026!!</c>: look-alike signs read as letters, digits and signs at both ends taken off.</summary>
    private static string Core(string password)
    {
        var trimmed = password.ToLowerInvariant().Trim().Trim([.. "0123456789!?.,;:-_+*#%&/()=^~'\"<>|[]{} "]);
        var core = new StringBuilder(trimmed.Length);
        foreach (var c in trimmed)
        {
            var letter = c switch { '0' => 'o', '1' => 'l', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => c };
            if (char.IsLetterOrDigit(letter))
            {
                core.Append(letter);
            }
        }
        return core.ToString();
    }

    private static IEnumerable<string> Words(string? text) =>
        (text ?? "").Split(['@', '.', ' ', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Select(Core).Where(w => w.Length >= ShortestContextWord);

    /// <summary>One to six characters over and over.</summary>
    private static bool IsRepeated(string text) =>
        Enumerable.Range(1, 6).Any(unit => text.Length >= 2 * unit && text.Where((c, i) => c != text[i % unit]).Any() is false);

    private static bool IsSequence(string text)
    {
        string[] runs = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p"];
        return runs.Any(run => run.Contains(text, StringComparison.Ordinal) || string.Concat(run.Reverse()).Contains(text, StringComparison.Ordinal));
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("CommonPasswords.txt")!);
        return reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }
}
