using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Platform;

/// <summary>
/// Who calls whom in the compiled assemblies, as far as it concerns personal data. A node is a member: the method of a type that somebody wrote; what the
/// compiler made of it (state machines, lambdas, local functions) belongs to it. A call of an interface is a call of all that implement it.
/// </summary>
internal sealed class PersonalDataUses
{
    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(o => o.Value);

    private readonly Dictionary<Member, HashSet<Member>> callers = [];
    private readonly HashSet<Type> askers = [];
    private readonly HashSet<Member> usedMarks = [];

    public PersonalDataUses(IReadOnlyCollection<Assembly> assemblies)
    {
        var types = assemblies.SelectMany(a => a.GetTypes()).ToList();
        foreach (var type in types)
        {
            foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            {
                Read(method);
            }
        }
        foreach (var (contract, implementation) in Implementations(types))
        {
            AddCall(contract, implementation);
        }
        Openers = [.. callers.Keys.Where(Opens).SelectMany(o => callers[o]).Where(o => !IsOfStaff(o.Type)).Distinct()];
        Marks = [.. types.SelectMany(MarksOf)];
        Breaches = [.. Walk().Distinct().Order(StringComparer.Ordinal)];
        Idle = [.. Marks.Where(m => !usedMarks.Any(u => u.ToString() == m.What || u.Type.ToString() == m.What)).Select(m => m.What)];
    }

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What opens sealed values, or reads a property with personal data.</summary>
    public IReadOnlyCollection<Member> Openers { get; }

    /// <summary>Types and methods with the attribute.</summary>
    public IReadOnlyCollection<(string What, UsesAttribute Mark)> Marks { get; }

    /// <summary>Marks that stop nothing.</summary>
    public IReadOnlyCollection<string> Idle { get; }

    /// <summary>Where personal data arrives without a question on the way.</summary>
    public IReadOnlyCollection<string> Breaches { get; }

    private IEnumerable<string> Walk()
    {
        var seen = new HashSet<Member>();
        var open = new Queue<Member>(Openers);
        while (open.TryDequeue(out var member))
        {
            if (!seen.Add(member) || IsAnswered(member))
            {
                continue;
            }
            var outside = callers.GetValueOrDefault(member, []).Where(c => c != member && !IsDoor(c.Type)).ToList();
            if (outside.Count == 0)
            {
                yield return $"{member} uses personal data, and nobody asked the gate";
            }
            outside.ForEach(open.Enqueue);
        }
    }

    /// <summary>Doors of modules call everything; whoever is called from there only is where a use begins.</summary>
    private static bool IsDoor(Type type) => type.IsAssignableTo(typeof(IModule));

    private bool IsAnswered(Member member)
    {
        if (member.Marked)
        {
            usedMarks.Add(member);
            return true;
        }
        return member.Type.IsAssignableTo(typeof(IComponent)) || askers.Contains(member.Type) || IsRecordItself(member);
    }

    /// <summary>Equality, printing and copying of a record with personal properties are no use.</summary>
    private static bool IsRecordItself(Member member) => member.Name is "Equals" or "GetHashCode" or "PrintMembers" or "ToString" or ".ctor" or "Deconstruct" or "<Clone>$" or "op_Equality";

    private static bool Opens(Member member) =>
        (member.Type == typeof(SubjectKeys) && member.Name == nameof(SubjectKeys.Open))
        || (member.Name.StartsWith("get_", StringComparison.Ordinal) && IsOfCustomers(member.Type) && member.Type.GetProperty(member.Name[4..], All)?.GetCustomAttribute<PiiAttribute>() is not null);

    private static bool IsOfCustomers(Type type) => type.Assembly != typeof(PiiAttribute).Assembly;

    /// <summary>What Platform itself opens is of staff, who are no customers.</summary>
    private static bool IsOfStaff(Type type) => !IsOfCustomers(type);

    private static IEnumerable<(string What, UsesAttribute Mark)> MarksOf(Type type)
    {
        if (type.GetCustomAttribute<UsesAttribute>() is { } whole)
        {
            yield return (type.ToString(), whole);
        }
        foreach (var method in type.GetMethods(All))
        {
            if (method.GetCustomAttribute<UsesAttribute>() is { } one)
            {
                yield return (new Member(type, method.Name).ToString(), one);
            }
        }
    }

    private void Read(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            return;
        }
        var caller = Member.Of(method);
        for (var at = 0; at < code.Length;)
        {
            var op = code[at] == 0xFE ? OpCodes[unchecked((short)(0xFE00 | code[at + 1]))] : OpCodes[code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineTok && Resolve(method, BitConverter.ToInt32(code, at)) is { } called && IsOurs(called.DeclaringType))
            {
                AddCall(Member.Of(called), caller);
                if ((called.DeclaringType == typeof(IPurposeGate) && called.Name == nameof(IPurposeGate.AskAsync))
                    || (called.DeclaringType == typeof(CsvDownload) && called.Name == nameof(CsvDownload.WriteGatedAsync)))
                {
                    askers.Add(caller.Type);
                }
            }
            at += op.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, at)) : SizeOf(op.OperandType);
        }
    }

    /// <summary>Whoever calls the contract calls what implements it.</summary>
    private static IEnumerable<(Member Implementation, Member Contract)> Implementations(List<Type> types) =>
        from type in types
        where type is { IsClass: true, IsAbstract: false }
        from contract in type.GetInterfaces()
        where IsOurs(contract)
        let map = type.IsGenericType ? default : type.GetInterfaceMap(contract)
        from pair in map.TargetMethods is null ? [] : map.TargetMethods.Zip(map.InterfaceMethods)
        where pair.First is not null && pair.First.DeclaringType == type
        select (Member.Of(pair.First), Member.Of(pair.Second));

    private void AddCall(Member called, Member caller)
    {
        if (!callers.TryGetValue(called, out var known))
        {
            callers[called] = known = [];
        }
        known.Add(caller);
    }

    private static bool IsOurs(Type? type) => type?.Assembly.GetName().Name?.StartsWith("Wellmet.", StringComparison.Ordinal) == true;

    private static MethodBase? Resolve(MethodBase within, int token)
    {
        try
        {
            return within.Module.ResolveMember(token, within.DeclaringType?.GetGenericArguments(), within.IsGenericMethod ? within.GetGenericArguments() : null) as MethodBase;
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or FileNotFoundException)
        {
            return null;
        }
    }

    private static int SizeOf(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>A method that somebody wrote; overloads are one.</summary>
    internal sealed record Member(Type Type, string Name)
    {
        public bool Marked => Type.IsDefined(typeof(UsesAttribute)) || Type.GetMethods(All).Any(m => m.Name == Name && m.IsDefined(typeof(UsesAttribute)));

        /// <summary>Names of what the compiler makes bear the name of the method in angle brackets: <c>&lt;RunAsync&gt;d__3.MoveNext</c>, <c>&lt;RunAsync&gt;b__0</c>.</summary>
        public static Member Of(MethodBase method)
        {
            var (type, name) = (method.DeclaringType!, method.Name);
            while (type.DeclaringType is { } outer && (type.Name.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(CompilerGeneratedAttribute))))
            {
                name = Written(type.Name) ?? name;
                type = outer;
            }
            return new Member(type.IsGenericType ? type.GetGenericTypeDefinition() : type, Written(name) ?? name);
        }

        private static string? Written(string name)
        {
            var inner = name.TrimStart('<');
            return inner.Length < name.Length && name != "<Clone>$" && inner.IndexOf('>', StringComparison.Ordinal) is > 0 and var end ? inner[..end] : null;
        }

        public override string ToString() => $"{Type.FullName?.Replace('+', '.')}.{Name}";
    }
}
