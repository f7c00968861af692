using System.Reflection;
using Wellmet.Platform.Purposes;
using Wellmet.Server;

namespace Wellmet.Tests.Platform;

/// <summary>
/// No use of personal data without a question to the gate. Followed in the compiled assemblies, from everything that opens personal data outwards through
/// its callers, until somebody asks the gate, shows it to staff (a Razor component), or bears <see cref="UsesAttribute"/> with the reason.
/// </summary>
public sealed class UsesTest
{
    [Fact]
    public void Every_use_of_personal_data_asks_the_gate_or_says_why_not()
    {
        var uses = new PersonalDataUses(Assemblies());

        uses.Openers.Count.ShouldBeGreaterThan(10);
        uses.Breaches.ShouldBeEmpty();
        foreach (var (what, mark) in uses.Marks.OrderBy(m => m.What, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine("{0}: {1}, {2}", what, mark.Purpose, mark.Why);
        }
        uses.Marks.Count.ShouldBeLessThanOrEqualTo(22, "the list of those who need not ask stays small");
    }

    [Fact]
    public void No_mark_stands_in_vain() => new PersonalDataUses(Assemblies()).Idle.ShouldBeEmpty();

    [Theory]
    [InlineData(typeof(PlantedUses.SendsUnasked), true)]
    [InlineData(typeof(PlantedUses.SendsThroughAnother), true)]
    [InlineData(typeof(PlantedUses.ReadsAProperty), true)]
    [InlineData(typeof(PlantedUses.Asks), false)]
    [InlineData(typeof(PlantedUses.SaysWhy), false)]
    public void A_planted_use_is_found(Type planted, bool found)
    {
        var breaches = new PersonalDataUses([.. Assemblies(), typeof(UsesTest).Assembly]).Breaches.Where(b => b.StartsWith(planted.FullName!.Replace('+', '.'), StringComparison.Ordinal));
        (breaches.Any() == found).ShouldBeTrue(planted.Name + ": " + string.Join(", ", breaches));
    }

    [Fact]
    public void Only_the_gate_makes_grants()
    {
        var types = Assemblies().SelectMany(a => a.GetTypes()).ToList();
        types.Where(t => t.IsAssignableTo(typeof(IPurposeGate)) && t.IsClass).ShouldHaveSingleItem();
        types.Where(t => t.IsAssignableTo(typeof(IPurposeRules)) && t.IsClass).ShouldHaveSingleItem();
        typeof(PurposeGrant).GetConstructors().ShouldBeEmpty();
        typeof(PurposeAnswer).GetConstructors().ShouldBeEmpty();
    }

    /// <summary>Platform, the modules, their contracts, and the program itself.</summary>
    private static List<Assembly> Assemblies() =>
        [.. ModuleList.All.Select(m => m.GetType().Assembly).Append(typeof(ModuleList).Assembly)
            .SelectMany(a => a.GetReferencedAssemblies().Where(n => n.Name!.StartsWith("Wellmet.", StringComparison.Ordinal)).Select(Assembly.Load).Append(a)).Distinct()];
}
