using System.Text.RegularExpressions;

namespace Wellmet.Tests.Platform;

/// <summary>Every public type says what it is, in a comment above it. (The compiler's own warning would ask the same of each member, and of generated code.)</summary>
public sealed partial class DocumentationTest
{
    [Fact]
    public void Every_public_type_says_what_it_is()
    {
        var silent =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
            where !path.Split('/').Any(part => part is "bin" or "obj")
            from type in Silent(File.ReadAllLines(file))
            select $"{path}: {type}";
        silent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("public sealed class Bare;", 1)]
    [InlineData("/// <summary>Says.</summary>\npublic sealed class Said;", 0)]
    [InlineData("/// <summary>Says.</summary>\n[Obsolete]\n[Serializable]\npublic readonly record struct Said(int A);", 0)]
    [InlineData("/// <summary>Says.</summary>\n\npublic static class Apart", 1)]
    [InlineData("    public sealed record Request(Guid Id);", 1)]
    [InlineData("internal sealed class Hidden;\npublic override string ToString() => \"class \";", 0)]
    public void A_silent_type_is_found(string source, int found) => Silent(source.Split('\n')).Count().ShouldBe(found);

    private static IEnumerable<string> Silent(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (PublicType().Match(lines[i]) is { Success: true } type && !IsSaid(lines, i - 1))
            {
                yield return type.Groups["name"].Value;
            }
        }
    }

    private static bool IsSaid(string[] lines, int above)
    {
        while (above >= 0 && lines[above].TrimStart().StartsWith('['))
        {
            above--;
        }
        return above >= 0 && lines[above].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*public (?:(?:static|sealed|abstract|readonly|partial|ref) )*(?:class|record struct|record class|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.None, 1000)]
    private static partial Regex PublicType();
}
