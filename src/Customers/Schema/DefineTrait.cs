using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Customers.Schema;

/// <summary>Defines a trait, or changes or archives its definition. What follows for values that stand already is told in the background.</summary>
public sealed class DefineTrait(Database database, TraitBook book, IdempotentRequest once, CurrentActor actor, AuditLog audit, LiveTopics live)
{
    /// <summary>What the page of traits listens to.</summary>
    public const string Topic = "customers.trait_schema";

    /// <returns>Whether it was not defined before.</returns>
    /// <exception cref="ProblemException">
    /// <c>trait_name_invalid</c>, <c>trait_name_taken</c>, <c>trait_label_invalid</c>, <c>trait_telling_invalid</c>, <c>trait_rule_invalid</c>, <c>trait_sources_missing</c>, <c>traits_many</c>.
    /// </exception>
    public async Task<bool> RunAsync(TraitDefinition wanted, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.DefineTraits);
        wanted = wanted with { Label = wanted.Label.Trim() };
        Check(wanted);
        var isNew = await once.OnceAsync(async tx =>
        {
            var stamp = await TraitBook.ChangeAsync(tx, ct);
            var all = await TraitBook.AllAsync(tx, ct);
            var before = all.Find(d => d.Name == wanted.Name);
            if (before is null && all.Count >= TraitDefinition.Most)
            {
                throw new ProblemException("traits_many", "At most {0} traits can be defined.", 409, TraitDefinition.Most);
            }
            await SaveAsync(tx, before, wanted, stamp, ct);
            await audit.RecordAsync(tx, before is null ? "trait.defined" : "trait.changed", $"trait:{wanted.Name}", null, ct,
                $"{EnumText.Of(wanted.Type)} {EnumText.Of(wanted.Telling)} {EnumText.Of(wanted.Rule)} {SourcesOf(wanted)}");
            return before is null;
        }, ct);
        await book.ReadAsync(ct); // so that this process judges by it from now on; others see it within a second
        live.Publish(Topic);
        return isNew;
    }

    /// <exception cref="ProblemException"><c>trait_unknown</c>.</exception>
    public async Task ArchiveAsync(string name, bool archived, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.DefineTraits);
        await database.WriteAsync(async tx =>
        {
            var stamp = await TraitBook.ChangeAsync(tx, ct);
            var before = (await TraitBook.AllAsync(tx, ct)).Find(d => d.Name == name) ?? throw Unknown();
            await SaveAsync(tx, before, before with { Archived = archived }, stamp, ct);
            await audit.RecordAsync(tx, archived ? "trait.archived" : "trait.restored", $"trait:{name}", null, ct);
        }, ct);
        await book.ReadAsync(ct); // so that this process judges by it from now on; others see it within a second
        live.Publish(Topic);
    }

    internal static ProblemException Unknown() => new("trait_unknown", "There is no such trait.", 404);

    private static void Check(TraitDefinition wanted)
    {
        Demand(TraitDefinition.IsName(wanted.Name), "trait_name_invalid", "A trait's name has lower-case letters, digits and underscores, begins with a letter, and has at most {0} characters.", TraitDefinition.LongestName);
        Demand(!TraitDefinition.IsTaken(wanted.Name), "trait_name_taken", "The name {0} means something else already.", wanted.Name);
        Demand(wanted.Label.Length is > 0 and <= TraitDefinition.LongestLabel && !wanted.Label.Any(char.IsControl), "trait_label_invalid", "Call the trait something, in at most {0} characters.", TraitDefinition.LongestLabel);
        Demand(wanted.Telling is not TraitTelling.MonthAndDay || wanted.Type is TraitType.Date, "trait_telling_invalid", "Only of a date the month and day can be told.");
        Demand(wanted.Rule is not (TraitRule.Highest or TraitRule.Lowest) || wanted.Type is TraitType.Number or TraitType.Date, "trait_rule_invalid", "Only numbers and dates have a highest and a lowest.");
        // Which of two counts is told by a number that grows with the date: the year could be read off it.
        Demand(wanted.Telling is not TraitTelling.MonthAndDay || wanted.Rule is not (TraitRule.Highest or TraitRule.Lowest), "trait_rule_tells_year", "Where only month and day are told, neither the earliest nor the latest date can count.");
        Demand(wanted.Rule is TraitRule.Staff || wanted.Sources.Count > 0, "trait_sources_missing", "Choose who may say the trait.");
    }

    private static void Demand(bool holds, string code, string message, params object[] arguments)
    {
        if (!holds)
        {
            throw new ProblemException(code, message, 400, arguments);
        }
    }

    private static async Task SaveAsync(Transaction tx, TraitDefinition? before, TraitDefinition wanted, long stamp, CancellationToken ct)
    {
        var revised = wanted.TellsOtherwise(before ?? TraitDefinition.Undefined(wanted.Name)) ? stamp : before?.Revised ?? 0;
        await tx.ExecuteAsync("""
            insert into customers_trait_definitions (name, label, type, telling, sources, rule, archived, revised) values (@Name, @Label, @Type, @Telling, @sources, @Rule, @Archived, @revised)
            on conflict (name) do update set label = excluded.label, type = excluded.type, telling = excluded.telling, sources = excluded.sources, rule = excluded.rule,
              archived = excluded.archived, revised = excluded.revised
            """, new { wanted.Name, wanted.Label, Type = EnumText.Of(wanted.Type), Telling = EnumText.Of(wanted.Telling), sources = SourcesOf(wanted), Rule = EnumText.Of(wanted.Rule), wanted.Archived, revised }, ct);
        if (revised == stamp)
        {
            // What is being told anew begins again, with this one.
            await tx.ExecuteAsync("update customers_trait_states set place = null where name = 'told'", null, ct);
        }
    }

    private static string SourcesOf(TraitDefinition definition) => string.Join(' ', definition.Sources.Order().Select(s => EnumText.Of(s)));
}
