using System.Reflection;
using System.Xml.Linq;
using Wellmet.Server;

namespace Wellmet.Tests.Platform;

/// <summary>
/// Walls between modules: a module sees Platform, Science and contracts, never another module; a contract sees Platform and contracts; Platform sees Science.
/// Read twice: from the project files, and from what the compiled assemblies really reference.
/// </summary>
public sealed class WallTest
{
    private static readonly string[] Foundations = ["Platform", "Science"];

    [Fact]
    public void Project_files_keep_the_walls() => Breaches(ProjectReferences(Path.Combine(Repository.Root, "src"))).ShouldBeEmpty();

    [Fact]
    public void Compiled_assemblies_keep_the_walls() => Breaches(AssemblyReferences()).ShouldBeEmpty();

    [Fact]
    public void There_is_something_to_check()
    {
        ProjectReferences(Path.Combine(Repository.Root, "src")).Count().ShouldBeGreaterThan(20);
        AssemblyReferences().Count().ShouldBeGreaterThan(4);
    }

    [Theory]
    [InlineData("Commerce", "Customers", "a module that references a module")]
    [InlineData("Customers.Contract", "Customers", "a contract that references a module")]
    [InlineData("Customers.Contract", "Science", "a contract that references Science")]
    [InlineData("Platform", "Customers.Contract", "Platform that references a contract")]
    [InlineData("Platform", "Customers", "Platform that references a module")]
    [InlineData("Science", "Platform", "Science that references anything")]
    [InlineData("Insights", "Server", "a module that references Server")]
    public void A_broken_wall_is_found(string from, string to, string what)
    {
        var folder = Directory.CreateTempSubdirectory("wellmet-walls").FullName;
        var path = Path.Combine(folder, from.Replace(".Contract", "/Contract", StringComparison.Ordinal));
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, from + ".csproj"), $"<Project><ItemGroup><ProjectReference Include=\"../{to}/{to}.csproj\" /></ItemGroup></Project>");

        Breaches(ProjectReferences(folder)).ShouldHaveSingleItem(what);
        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<string> Breaches(IEnumerable<(string From, string To)> references) =>
        references.Where(r => !MaySee(r.From, r.To)).Select(r => $"{r.From} must not reference {r.To}");

    private static bool MaySee(string from, string to) => from switch
    {
        "Server" => true,
        "Science" => false,
        "Platform" => to == "Science",
        _ when IsContract(from) => to == "Platform" || IsContract(to),
        _ => Foundations.Contains(to) || IsContract(to),
    };

    private static bool IsContract(string project) => project.EndsWith(".Contract", StringComparison.Ordinal);

    private static IEnumerable<(string From, string To)> ProjectReferences(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
        from reference in XDocument.Load(file).Descendants("ProjectReference")
        select (Path.GetFileNameWithoutExtension(file), Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<(string From, string To)> AssemblyReferences()
    {
        var seen = new HashSet<Assembly>();
        var queue = new Queue<Assembly>(ModuleList.All.Select(m => m.GetType().Assembly));
        while (queue.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly))
            {
                continue;
            }
            foreach (var name in assembly.GetReferencedAssemblies().Where(n => n.Name!.StartsWith("Wellmet.", StringComparison.Ordinal)))
            {
                yield return (Short(assembly.GetName().Name!), Short(name.Name!));
                queue.Enqueue(Assembly.Load(name));
            }
        }
    }

    private static string Short(string assembly) => assembly["Wellmet.".Length..];
}
